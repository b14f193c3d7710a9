using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Periods;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>Grants amounts on every budget that limits a request, all of them or none. Demands that wait together are decided in one transaction.</summary>
internal sealed class LeaseGranting(NpgsqlDataSource dataSource, IOptions<BudgetOptions> options)
{
    // The asking gateway too: what it has idle may be too little for the request by itself and enough with what is left.
    private const string Held = """
        SELECT budget_id, holder, first_sequence, sum(amount - used) FROM budget_leases
        WHERE state = 'active' AND used < amount
          AND (budget_id, period_starts_at) IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
        GROUP BY budget_id, holder, first_sequence
        """;

    /// <summary>Decides demands of one tenant in their order.</summary>
    /// <param name="demands">What is asked for, and by whom.</param>
    /// <param name="needOnly">True while somebody waits for money that others have idle: nothing is handed out ahead of need.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What came of each.</returns>
    public async Task<IReadOnlyList<DemandOutcome>> GrantAsync(IReadOnlyList<HolderDemand> demands, bool needOnly, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var budgets = await ApplicableBudgets.FindAsync(connection, [.. demands.Select(asked => asked.Demand)], cancellationToken);
        var wanted = budgets.Where(budget => demands.Any(asked => asked.Demand.Wants(budget))).ToList();
        var running = await RunningPeriods.EnsureAsync(connection, wanted, await NowAsync(connection, cancellationToken), cancellationToken);
        var locked = await LockedAccounts.OfPeriodsAsync(
            connection, [.. running.Select(pair => (pair.Key, pair.Value.StartsAt))], cancellationToken);
        await locked.ReadHeldAsync(connection, [.. demands.Select(asked => asked.Holder).Distinct()], cancellationToken);

        var round = new GrantRound(budgets, running, locked, options.Value, await NowAsync(connection, cancellationToken), needOnly);
        DemandOutcome[] outcomes = [.. demands.Select(round.Decide)];
        if (outcomes.Any(outcome => outcome is DemandOutcome.Met { Leases.Count: > 0 }))
            await locked.SaveAsync(connection, cancellationToken);
        await AddHoldersAsync(connection, demands, outcomes, cancellationToken);
        // With refusals too, new periods stay: their bounds are facts, and the next request finds them.
        await transaction.CommitAsync(cancellationToken);
        return outcomes;
    }

    /// <summary>The database's clock: leases of all replicas run by one clock.</summary>
    internal static async Task<DateTimeOffset> NowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("SELECT clock_timestamp()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>A lease never outlives its period.</summary>
    internal static DateTimeOffset ExpiryOf(PeriodAccount period, DateTimeOffset now, TimeSpan duration) =>
        period.EndsAt is { } end && end < now + duration ? end : now + duration;

    /// <summary>Adds to refusals who holds something on the budgets that are short.</summary>
    private static async Task AddHoldersAsync(
        NpgsqlConnection connection, IReadOnlyList<HolderDemand> demands, DemandOutcome[] outcomes, CancellationToken cancellationToken)
    {
        var periods = outcomes.OfType<DemandOutcome.Refused>().SelectMany(refused => refused.Shortages)
            .Select(shortage => (shortage.Budget.Id, shortage.PeriodStartsAt)).Distinct().ToList();
        if (periods.Count == 0)
            return;

        var held = (await connection.Command(Held, periods.Select(period => period.Id).ToArray(), periods.Select(period => period.PeriodStartsAt).ToArray())
            .ReadAllAsync(row => (Budget: row.GetGuid(0), Holder: new Holder(row.GetString(1), row.GetInt64(2)), Most: row.GetDecimal(3)), cancellationToken))
            .ToLookup(row => row.Budget);
        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index] is not DemandOutcome.Refused refused)
                continue;
            var worst = demands[index].Demand.WorstCase;
            outcomes[index] = new DemandOutcome.Refused([.. refused.Shortages.Select(shortage =>
                shortage.Left + held[shortage.Budget.Id].Sum(row => row.Most) >= worst
                    ? shortage with { Holders = [.. held[shortage.Budget.Id].Select(row => row.Holder)] }
                    : shortage)]);
        }
    }
}
