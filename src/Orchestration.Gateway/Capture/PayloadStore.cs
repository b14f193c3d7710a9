using Npgsql;
using Orchestration.Contracts.Admin.V1;

namespace Orchestration.Gateway.Capture;

/// <summary>Writes captured payloads and deletes those whose time is over.</summary>
internal sealed class PayloadStore(NpgsqlDataSource dataSource, PayloadSeal seal)
{
    private const string Insert = """
        INSERT INTO captured_payloads (tenant_id, request_id, project_id, end_user, captured_at, expires_at, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """;

    private const string Expire = """
        DELETE FROM captured_payloads WHERE (tenant_id, request_id) IN (
            SELECT tenant_id, request_id FROM captured_payloads WHERE expires_at <= now() LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """;

    public async Task InsertAsync(CapturedPayload payload, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Insert);
        foreach (var value in (object[])
            [
                payload.TenantId, Guid.Parse(payload.RequestId), payload.ProjectId, payload.EndUser,
                payload.CapturedAt.ToDateTime(), payload.ExpiresAt.ToDateTime(), seal.Seal(payload),
            ])
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Expire);
        while (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            // As long as there is more.
        }
    }
}
