using Npgsql;
using Orchestration.Metrics.Budgets.Booking;

namespace Orchestration.Metrics.Recording;

/// <summary>Writes events in one transaction; events that the database refuses are found and quarantined alone.</summary>
internal sealed partial class LedgerWriter(
    NpgsqlDataSource dataSource,
    BudgetBooking booking,
    MetricsTelemetry telemetry,
    ILogger<LedgerWriter> logger)
{
    /// <summary>Writes all events; when it returns, each one is applied, ignored or quarantined, and durable.</summary>
    /// <returns>The quarantined ones.</returns>
    public async Task<IReadOnlyList<RefusedEvent>> WriteAsync(IReadOnlyList<SequencedEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            var rows = LedgerRows.Fold(events);
            await ApplyAsync(events, rows, null, cancellationToken);
            Report(events.Count, rows);
            return rows.Refused;
        }
        catch (Exception exception) when (DatabaseFaults.IsDataFault(exception))
        {
            // The rules let a value pass that the database does not take. Halving finds it in a few transactions and is
            // allowed to, since merges do not depend on which events come together.
            if (events.Count == 1)
            {
                var refused = new RefusedEvent(events[0], $"database: {(exception as PostgresException)?.SqlState ?? exception.GetType().Name}");
                await QuarantineAsync(refused, cancellationToken);
                return [refused];
            }

            var half = events.Count / 2;
            return
            [
                .. await WriteAsync([.. events.Take(half)], cancellationToken),
                .. await WriteAsync([.. events.Skip(half)], cancellationToken),
            ];
        }
    }

    /// <summary>Writes an event that was put aside. One that is refused again, whoever refuses it, stays as it is.</summary>
    /// <param name="held">The event.</param>
    /// <param name="decide">Runs last in the transaction that applies the event; false takes it back.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task ReplayAsync(SequencedEvent held, Func<NpgsqlConnection, CancellationToken, Task<bool>> decide, CancellationToken cancellationToken)
    {
        try
        {
            var rows = LedgerRows.Fold([held]);
            if (await ApplyAsync([held], rows, decide, cancellationToken))
                Report(1, rows);
        }
        catch (Exception exception) when (DatabaseFaults.IsDataFault(exception))
        {
            Log.Quarantined(logger, held.Instance, held.Sequence, $"database: {(exception as PostgresException)?.SqlState ?? exception.GetType().Name}");
        }
    }

    private async Task<bool> ApplyAsync(
        IReadOnlyList<SequencedEvent> events, LedgerRows rows, Func<NpgsqlConnection, CancellationToken, Task<bool>>? decide, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        rows.RefuseBefore(await DroppedBeforeAsync(connection, cancellationToken));
        var merge = new LedgerMerge(connection, rows);
        await merge.RunAsync(cancellationToken);
        await Quarantine.InsertAsync(connection, rows.Refused, cancellationToken);
        await OutboxProgress.RecordAsync(connection, events, cancellationToken);
        await merge.Change.CompleteAsync(connection, booking, cancellationToken);
        if (decide is not null && (rows.Refused.Count > 0 || !await decide(connection, cancellationToken)))
            return false;

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The instant before which rows have been dropped. Until the transaction ends, no further month is.</summary>
    private static async Task<DateTimeOffset> DroppedBeforeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock_shared(hashtext('ledger_retention'))"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT dropped_before FROM ledger_retention"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return await reader.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken);
    }

    private async Task QuarantineAsync(RefusedEvent refused, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Quarantine.InsertAsync(connection, [refused], cancellationToken);
        await OutboxProgress.RecordAsync(connection, [refused.Source], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        telemetry.Quarantined(1);
        Log.Quarantined(logger, refused.Source.Instance, refused.Source.Sequence, refused.Reason);
    }

    private void Report(int events, LedgerRows rows)
    {
        telemetry.Applied(events - rows.Refused.Count - rows.Ignored);
        telemetry.Ignored(rows.Ignored);
        telemetry.Quarantined(rows.Refused.Count);
        foreach (var refused in rows.Refused)
            Log.Quarantined(logger, refused.Source.Instance, refused.Source.Sequence, refused.Reason);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Event {Sequence} of {Instance} was quarantined: {Reason}")]
        public static partial void Quarantined(ILogger logger, string instance, long sequence, string reason);
    }
}
