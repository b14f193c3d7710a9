using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Metrics.Budgets.Booking;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Repricing;

/// <summary>Takes the next step of one re-pricing that is under way. A step is one transaction: it is done or it is not, and a new process goes on where the last one stopped.</summary>
internal sealed class RepricingWork(NpgsqlDataSource dataSource, BudgetBooking booking, TimeProvider timeProvider)
{
    public const int ChunkSize = 2_000;

    /// <summary>Takes a step; false when nothing is under way.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await TakeAsync(connection, cancellationToken) is not { } taken) return false;
        try
        {
            // A month must not be closed while its rows change.
            await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock_shared(hashtext('closed_months'))", cancellationToken);
            await StepAsync(connection, taken, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await transaction.RollbackAsync(cancellationToken);
            await ExecuteAsync(connection, "UPDATE repricings SET problem = $2 WHERE id = $1", cancellationToken, taken.Id, (exception as PostgresException)?.SqlState ?? exception.GetType().Name);
            throw;
        }
    }

    private Task StepAsync(NpgsqlConnection connection, Taken taken, CancellationToken cancellationToken) => taken.State switch
    {
        RepricingStates.Preparing => PrepareAsync(connection, taken, cancellationToken),
        RepricingStates.Applying => ChangeAsync(connection, taken, RepricingTables.NextPending, RepricingTables.Apply, RepricingStates.Applied, cancellationToken),
        RepricingStates.Cancelling => ChangeAsync(connection, taken, RepricingTables.NextCounting, RepricingTables.Reverse, RepricingStates.Cancelled, cancellationToken),
        _ => ChangeAsync(connection, taken, RepricingTables.NextCounting, RepricingTables.Reverse, RepricingStates.Reversed, cancellationToken),
    };

    private static async Task<Taken?> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT id, state, request::text, cursor FROM repricings WHERE state IN ('preparing', 'applying', 'reversing', 'cancelling') ORDER BY problem <> '', id LIMIT 1 FOR UPDATE SKIP LOCKED",
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Taken(reader.GetGuid(0), reader.GetString(1), JsonParser.Default.Parse<PrepareRepricingRequest>(reader.GetString(2)), reader.IsDBNull(3) ? Guid.Empty : reader.GetGuid(3))
            : null;
    }

    private async Task PrepareAsync(NpgsqlConnection connection, Taken taken, CancellationToken cancellationToken)
    {
        var attempts = await ReadAsync(connection, taken, cancellationToken);
        var pricing = new AttemptPricing(taken.Request.Rules);
        var different = new List<(ChargedAttempt Attempt, NewCharge.Different Charge)>();
        var unexplained = 0L;
        foreach (var attempt in attempts)
        {
            switch (pricing.Reprice(attempt))
            {
                case NewCharge.Different charge:
                    different.Add((attempt, charge));
                    break;
                case NewCharge.Unexplained:
                    unexplained++;
                    break;
            }
        }

        await CopyAsync(connection, taken.Id, different, cancellationToken);
        await ExecuteAsync(
            connection,
            "UPDATE repricings SET seen = seen + $2, differing = differing + $3, unexplained = unexplained + $4, cursor = $5, state = $6, changed_at = $7, problem = '' WHERE id = $1",
            cancellationToken,
            taken.Id, (long)attempts.Count, (long)different.Count, unexplained, attempts.Count > 0 ? attempts[^1].Id : taken.Cursor,
            attempts.Count < ChunkSize ? RepricingStates.Prepared : RepricingStates.Preparing, timeProvider.GetUtcNow());
    }

    private async Task ChangeAsync(NpgsqlConnection connection, Taken taken, string next, string statement, string end, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var (attempts, requests) = await ReadChunkAsync(connection, taken, next, cancellationToken);
        await LedgerAmendment.ApplyAsync(
            connection, booking, requests, attempts,
            token => ExecuteAsync(connection, statement, token, taken.Id, attempts.ToArray(), now, taken.Request.Reason, taken.Request.Actor), cancellationToken);
        if (attempts.Count < ChunkSize) await ExecuteAsync(connection, "UPDATE repricings SET state = $2, changed_at = $3, problem = '' WHERE id = $1", cancellationToken, taken.Id, end, now);
    }

    private static async Task<(List<Guid> Attempts, HashSet<Guid> Requests)> ReadChunkAsync(
        NpgsqlConnection connection, Taken taken, string next, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(next, connection) { Parameters = { new() { Value = taken.Id }, new() { Value = ChunkSize } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Guid> attempts = [];
        HashSet<Guid> requests = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            attempts.Add(reader.GetGuid(0));
            requests.Add(reader.GetGuid(1));
        }

        return (attempts, requests);
    }

    private static async Task<List<ChargedAttempt>> ReadAsync(NpgsqlConnection connection, Taken taken, CancellationToken cancellationToken)
    {
        var (request, filter) = (taken.Request, taken.Request.Filter ?? new RepricingFilter());
        await using var command = new NpgsqlCommand(RepricingTables.Read, connection);
        object[] values =
        [
            taken.Cursor, request.PeriodFrom.ToDateTimeOffset(), request.PeriodTo.ToDateTimeOffset(), filter.TenantId, filter.ProjectId, filter.Provider,
            filter.Model, filter.Region, filter.Deployment, filter.PriceId, filter.IncludeSimulated, ChunkSize,
        ];
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var attempts = new List<ChargedAttempt>();
        while (await reader.ReadAsync(cancellationToken)) attempts.Add(Read(reader));
        return attempts;
    }

    private static ChargedAttempt Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        RequestId = row.GetGuid(1),
        TenantId = row.GetString(2),
        ProjectId = row.GetString(3),
        Deployment = row.GetString(4),
        Provider = row.GetString(5),
        Model = row.GetString(6),
        Region = row.GetString(7),
        Currency = row.GetString(8),
        CostCurrency = row.GetString(9),
        Simulated = row.GetBoolean(10),
        RequestStartedAt = row.GetFieldValue<DateTimeOffset>(11),
        StartedAt = row.GetFieldValue<DateTimeOffset>(12),
        Rate = row.GetDecimal(13),
        Price = row.GetString(14),
        Cost = row.GetDecimal(15),
        Billed = row.GetDecimal(16),
        Usage = new Usage
        {
            InputTokens = row.GetInt64(17),
            CacheReadTokens = row.GetInt64(18),
            CacheWriteTokens = row.GetInt64(19),
            CacheWrite1HTokens = row.GetInt64(20),
            AudioInputTokens = row.GetInt64(21),
            OutputTokens = row.GetInt64(22),
            ReasoningTokens = row.GetInt64(23),
            AudioOutputTokens = row.GetInt64(24),
            SearchUnits = row.GetInt64(25),
        },
        Thinking = row.IsDBNull(26) ? null : row.GetBoolean(26),
        ServiceTier = row.IsDBNull(27) ? null : row.GetString(27),
    };

    private static async Task CopyAsync(NpgsqlConnection connection, Guid repricing, List<(ChargedAttempt, NewCharge.Different)> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        await using var copy = await connection.BeginBinaryImportAsync(RepricingTables.Copy, cancellationToken);
        foreach (var (attempt, charge) in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            foreach (var id in new[] { repricing, attempt.Id, attempt.RequestId }) await copy.WriteAsync(id, NpgsqlDbType.Uuid, cancellationToken);
            foreach (var text in new[] { attempt.TenantId, attempt.ProjectId, attempt.Provider, attempt.Model, attempt.Currency, attempt.CostCurrency })
                await copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(attempt.Simulated, NpgsqlDbType.Boolean, cancellationToken);
            await copy.WriteAsync(attempt.RequestStartedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            foreach (var price in new[] { attempt.Price, charge.Price }) await copy.WriteAsync(price, NpgsqlDbType.Jsonb, cancellationToken);
            foreach (var amount in new[] { attempt.Cost, charge.Cost, attempt.Billed, charge.Billed }) await copy.WriteAsync(amount, NpgsqlDbType.Numeric, cancellationToken);
            await copy.WriteAsync(RepricedAttempt.Pending, NpgsqlDbType.Text, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Taken(Guid Id, string State, PrepareRepricingRequest Request, Guid Cursor);
}
