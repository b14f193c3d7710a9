using Microsoft.Extensions.Options;
using Npgsql;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Who runs the request of a key, and what it was answered: rows in the database, so that they outlive every gateway.</summary>
internal sealed class Claims(NpgsqlDataSource dataSource, AnswerSeal seal, IOptions<IdempotencyOptions> options)
{
    private const string Running = "running";
    private const string Finished = "finished";
    private const int MostTries = 3;

    // A row is taken over when it has expired, and by the same request when the one that ran it failed or is not heard of any more.
    private const string Take = """
        INSERT INTO idempotency_claims AS c (tenant_id, key_hash, fingerprint, claim_id, state, leased_until, expires_at)
        VALUES ($1, $2, $3, $4, 'running', now() + $5, now() + $6)
        ON CONFLICT (tenant_id, key_hash) DO UPDATE SET
            fingerprint = excluded.fingerprint, claim_id = excluded.claim_id, state = 'running',
            leased_until = excluded.leased_until, expires_at = excluded.expires_at, answer = NULL
        WHERE c.expires_at <= now()
            OR (c.fingerprint = excluded.fingerprint AND (c.state = 'failed' OR (c.state = 'running' AND c.leased_until <= now())))
        """;

    private const string Look = """
        SELECT claim_id, state, fingerprint = $3, CASE WHEN fingerprint = $3 THEN answer END
        FROM idempotency_claims WHERE tenant_id = $1 AND key_hash = $2
        """;

    private const string LookAtRun = """
        SELECT claim_id, CASE WHEN state = 'running' AND leased_until <= now() THEN 'failed' ELSE state END, true, answer
        FROM idempotency_claims WHERE tenant_id = $1 AND key_hash = $2 AND claim_id = $3
        """;

    private const string Keep = """
        UPDATE idempotency_claims SET state = 'finished', answer = $4, leased_until = now(), expires_at = now() + $5
        WHERE tenant_id = $1 AND key_hash = $2 AND claim_id = $3
        """;

    private const string Fail = """
        UPDATE idempotency_claims SET state = 'failed', leased_until = now() WHERE tenant_id = $1 AND key_hash = $2 AND claim_id = $3
        """;

    private const string Remove = "DELETE FROM idempotency_claims WHERE tenant_id = $1 AND key_hash = $2 AND claim_id = $3";

    private const string Renew = """
        UPDATE idempotency_claims SET leased_until = now() + $4
        FROM unnest($1::text[], $2::bytea[], $3::uuid[]) AS mine (tenant_id, key_hash, claim_id)
        WHERE idempotency_claims.tenant_id = mine.tenant_id AND idempotency_claims.key_hash = mine.key_hash
            AND idempotency_claims.claim_id = mine.claim_id AND state = 'running'
        """;

    private const string Sweep = """
        DELETE FROM idempotency_claims WHERE (tenant_id, key_hash) IN (
            SELECT tenant_id, key_hash FROM idempotency_claims WHERE expires_at <= now() LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>Takes the key for a request, or says why it is not to run.</summary>
    public async Task<ClaimOutcome> TakeAsync(Claim claim, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            await using var batch = dataSource.CreateBatch();
            batch.BatchCommands.Add(Command(Take, claim.TenantId, claim.KeyHash, claim.Fingerprint, claim.ClaimId, options.Value.Lease, options.Value.KeptFor));
            batch.BatchCommands.Add(Command(Look, claim.TenantId, claim.KeyHash, claim.Fingerprint));
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            if (await ReadAsync(reader, claim, cancellationToken) is { } outcome)
                return outcome;
            // The row went between the two statements.
        }

        return new ClaimOutcome.Failed();
    }

    /// <summary>How a run stands that another request has taken.</summary>
    public async Task<ClaimOutcome> FindAsync(Claim run, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(Command(LookAtRun, run.TenantId, run.KeyHash, run.ClaimId));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var outcome = await ReadAsync(reader, run, cancellationToken);
        return outcome switch
        {
            null => new ClaimOutcome.Failed(),
            ClaimOutcome.Taken => new ClaimOutcome.Running(run.ClaimId),
            _ => outcome,
        };
    }

    /// <summary>Keeps an answer; null only that there was one. False when somebody else has the key by now.</summary>
    public Task<bool> KeepAsync(Claim claim, StoredAnswer? answer, CancellationToken cancellationToken) => ExecuteAsync(
        Command(Keep, claim.TenantId, claim.KeyHash, claim.ClaimId, answer is null ? DBNull.Value : seal.Seal(claim.TenantId, PlaceOf(claim.ClaimId), answer.ToBytes()), options.Value.KeptFor),
        cancellationToken);

    /// <summary>The request came to nothing: it may be tried again, and no other one under its key.</summary>
    public Task<bool> FailAsync(Claim claim, CancellationToken cancellationToken) =>
        ExecuteAsync(Command(Fail, claim.TenantId, claim.KeyHash, claim.ClaimId), cancellationToken);

    /// <summary>The request was refused: its key is as good as new.</summary>
    public Task<bool> RemoveAsync(Claim claim, CancellationToken cancellationToken) =>
        ExecuteAsync(Command(Remove, claim.TenantId, claim.KeyHash, claim.ClaimId), cancellationToken);

    /// <summary>Says that these requests still run.</summary>
    public Task RenewAsync(IReadOnlyCollection<Claim> claims, CancellationToken cancellationToken) => ExecuteAsync(
        Command(
            Renew,
            claims.Select(claim => claim.TenantId).ToArray(),
            claims.Select(claim => claim.KeyHash).ToArray(),
            claims.Select(claim => claim.ClaimId).ToArray(),
            options.Value.Lease),
        cancellationToken);

    /// <summary>Deletes some of what has expired; true when there was any.</summary>
    public Task<bool> SweepAsync(CancellationToken cancellationToken) => ExecuteAsync(Command(Sweep), cancellationToken);

    private static string PlaceOf(Guid claimId) => $"idempotency/{claimId:D}";

    private async Task<ClaimOutcome?> ReadAsync(NpgsqlDataReader reader, Claim claim, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var (id, state) = (reader.GetGuid(0), reader.GetString(1));
        if (!reader.GetBoolean(2))
            return new ClaimOutcome.OtherRequest();
        if (state == Running)
            return id == claim.ClaimId ? new ClaimOutcome.Taken() : new ClaimOutcome.Running(id);
        if (state != Finished)
            return new ClaimOutcome.Failed();
        return !await reader.IsDBNullAsync(3, cancellationToken)
            && seal.Open(claim.TenantId, PlaceOf(id), await reader.GetFieldValueAsync<byte[]>(3, cancellationToken)) is { } bytes
                ? new ClaimOutcome.Finished(StoredAnswer.Parse(bytes))
                : new ClaimOutcome.NotKept();
    }

    private async Task<bool> ExecuteAsync(NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(command);
        return await batch.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
