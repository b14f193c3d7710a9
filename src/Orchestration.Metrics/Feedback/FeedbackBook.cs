using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Feedback;

/// <summary>Keeps what tenants say of their requests.</summary>
internal sealed class FeedbackBook(IDbContextFactory<MetricsDbContext> contexts, NpgsqlDataSource dataSource)
{
    // Only of a request that the ledger knows as the tenant's own.
    private const string Give = """
        INSERT INTO request_feedback (request_id, tenant_id, rating, outcome, given_at)
        SELECT id, tenant_id, $3, $4, now() FROM requests WHERE id = $1 AND tenant_id = $2
        ON CONFLICT (request_id) DO UPDATE SET rating = excluded.rating, outcome = excluded.outcome, given_at = excluded.given_at
        """;

    /// <summary>False when the tenant has no such request.</summary>
    public async Task<bool> GiveAsync(string tenantId, Guid requestId, double? rating, string? outcome, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Give);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = requestId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)rating ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Double });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)outcome ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Null when nothing was said.</summary>
    public async Task<RequestFeedback?> FindAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Feedback.AsNoTracking().SingleOrDefaultAsync(feedback => feedback.RequestId == requestId, cancellationToken);
    }
}
