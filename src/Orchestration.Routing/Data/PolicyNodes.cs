using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Serving;

namespace Orchestration.Routing.Data;

/// <summary>Which gateway plans by which table. Kept in the database, because every replica of Routing hears only some of them.</summary>
internal sealed class PolicyNodes(IDbContextFactory<RoutingDbContext> contexts, RouteTablePublisher publisher, TimeProvider timeProvider)
{
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GoneAfter = TimeSpan.FromHours(1);

    public async Task AcknowledgeAsync(AcknowledgeRouteTableRequest said, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = timeProvider.GetUtcNow();
        var applied = said.AppliedAt?.ToDateTimeOffset() ?? now;
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO policy_nodes (node, table_version, policy_version, applied_at, last_seen_at)
            VALUES ({said.Node}, {said.TableVersion}, {said.PolicyVersion}, {applied}, {now})
            ON CONFLICT (node) DO UPDATE SET table_version = EXCLUDED.table_version, policy_version = EXCLUDED.policy_version,
                applied_at = EXCLUDED.applied_at, last_seen_at = EXCLUDED.last_seen_at
            WHERE policy_nodes.applied_at <= EXCLUDED.applied_at
            """,
            cancellationToken);
    }

    public async Task<ListPolicyNodesResponse> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = timeProvider.GetUtcNow();
        var gone = now - GoneAfter;
        await db.PolicyNodes.Where(n => n.LastSeenAt < gone).ExecuteDeleteAsync(cancellationToken);
        var active = await db.Policies.Where(p => p.Active).Select(p => p.Version).SingleOrDefaultAsync(cancellationToken);
        var nodes = await db.PolicyNodes.AsNoTracking().OrderBy(n => n.Node).ToListAsync(cancellationToken);
        return new ListPolicyNodesResponse
        {
            Nodes = { nodes.Select(node => Of(node, active, now)) },
            ActiveVersion = active,
            TableVersion = publisher.Current?.Table.Version ?? "",
        };
    }

    private static PolicyNode Of(PolicyNodeRow row, long active, DateTimeOffset now) => new()
    {
        Node = row.Node,
        TableVersion = row.TableVersion,
        PolicyVersion = row.PolicyVersion,
        AppliedAt = Timestamp.FromDateTimeOffset(row.AppliedAt),
        LastSeenAt = Timestamp.FromDateTimeOffset(row.LastSeenAt),
        State = now - row.LastSeenAt > SilentAfter ? PolicyNodeState.Silent
            : row.PolicyVersion == active.ToString(CultureInfo.InvariantCulture) ? PolicyNodeState.Current
            : PolicyNodeState.Behind,
    };
}
