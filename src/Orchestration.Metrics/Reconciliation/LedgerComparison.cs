using System.Data;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Orchestration.Metrics.Reconciliation.Checks;
using Orchestration.Metrics.Recovery;

namespace Orchestration.Metrics.Reconciliation;

/// <summary>Asks the questions. All of one day see the same instant, so that events recorded meanwhile make no gap.</summary>
internal sealed class LedgerComparison(
    NpgsqlDataSource dataSource,
    OutboxGaps outboxes,
    IOptions<RecoveryOptions> recovery,
    IOptions<ReconciliationOptions> options)
{
    public Task<Gaps> OfDayAsync(DateOnly day, int most, CancellationToken cancellationToken) =>
        OfRangeAsync(day, day, day.AddDays(1), [DayChecks.Requests, DayChecks.Attempts, DayChecks.Rollups, SliceChecks.Day], most, cancellationToken);

    /// <summary>Sums of the month that a day begins, beside its days.</summary>
    public Task<Gaps> OfMonthAsync(DateOnly first, int most, CancellationToken cancellationToken) =>
        OfRangeAsync(null, first, first.AddMonths(1), [SliceChecks.Month], most, cancellationToken);

    public async Task<Gaps> OfTodayAsync(int most, CancellationToken cancellationToken)
    {
        await outboxes.ObserveAsync(cancellationToken);
        NpgsqlParameter[] Parameters() => [Span(options.Value.OutboxPatience), new NpgsqlParameter<int> { TypedValue = most }];
        return await AskAsync(null, [StandingChecks.Outboxes, StandingChecks.Budgets, StandingChecks.Quarantine], Parameters, cancellationToken);
    }

    private async Task<Gaps> OfRangeAsync(
        DateOnly? day, DateOnly first, DateOnly next, IReadOnlyList<string> questions, int most, CancellationToken cancellationToken)
    {
        NpgsqlParameter[] Parameters() =>
        [
            Start(first),
            Start(next),
            Span(recovery.Value.OpenFor + options.Value.RecoveryPatience),
            new NpgsqlParameter<int> { TypedValue = most },
        ];
        return await AskAsync(day, questions, Parameters, cancellationToken);
    }

    private async Task<Gaps> AskAsync(
        DateOnly? day, IReadOnlyList<string> questions, Func<NpgsqlParameter[]> parameters, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // A comparison may take as long as the ledger is large; nobody waits for it.
        await connection.Command("SET LOCAL statement_timeout = 0").ExecuteAsync(cancellationToken);
        var shown = new List<Gap>();
        var total = 0L;
        foreach (var question in questions)
        {
            await using var command = new NpgsqlCommand(question, connection) { CommandTimeout = 0 };
            command.Parameters.AddRange(parameters());
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var counted = 0L;
            while (await reader.ReadAsync(cancellationToken))
            {
                // Each question shows its own first rows: what one finds does not hide from the repair what another does.
                counted = reader.GetInt64(5);
                shown.Add(new Gap(reader.GetString(0), day, reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
            }

            total += counted;
        }

        return new Gaps(total, shown);
    }

    private static NpgsqlParameter<DateTimeOffset> Start(DateOnly day) => new() { TypedValue = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) };

    private static NpgsqlParameter<TimeSpan> Span(TimeSpan span) => new() { TypedValue = span, NpgsqlDbType = NpgsqlDbType.Interval };
}
