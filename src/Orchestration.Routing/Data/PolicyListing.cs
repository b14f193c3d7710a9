using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Data;

/// <summary>Versions and activations for operators.</summary>
internal sealed class PolicyListing(IDbContextFactory<RoutingDbContext> contexts)
{
    public async Task<ListPoliciesResponse> VersionsAsync(int pageSize, long before, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Policies.AsNoTracking().Where(p => before == 0 || p.Version < before)
            .OrderByDescending(p => p.Version).Take(pageSize).ToListAsync(cancellationToken);
        var active = await db.Policies.Where(p => p.Active).Select(p => p.Version).SingleOrDefaultAsync(cancellationToken);
        return new ListPoliciesResponse { Versions = { rows.Select(Of) }, ActiveVersion = active };
    }

    public async Task<ListPolicyActivationsResponse> ActivationsAsync(int pageSize, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.PolicyActivations.AsNoTracking().OrderByDescending(a => a.Sequence).Take(pageSize).ToListAsync(cancellationToken);
        return new ListPolicyActivationsResponse { Activations = { rows.Select(Of) } };
    }

    public static PolicyVersion Of(PolicyRow row) => new()
    {
        Version = row.Version,
        Hash = row.Hash,
        Label = row.Label,
        Author = row.Source,
        Comment = row.Comment,
        CreatedAt = Timestamp.FromDateTimeOffset(row.CreatedAt),
        Active = row.Active,
        OverlayTenants = { row.Texts().Overlays.Keys.Order(StringComparer.Ordinal) },
    };

    public static PolicyActivation Of(PolicyActivationRow row) => new()
    {
        Version = row.Version,
        PreviousVersion = row.PreviousVersion,
        Author = row.Author,
        Comment = row.Comment,
        ActivatedAt = Timestamp.FromDateTimeOffset(row.ActivatedAt),
    };
}
