using Npgsql;
using Orchestration.Metrics.Budgets.Data;

namespace Orchestration.Metrics.Budgets.Periods;

/// <summary>Finds the running period of budgets, and opens it when nobody has needed it before.</summary>
internal static class RunningPeriods
{
    private const string Latest = """
        SELECT DISTINCT ON (budget_id) budget_id, starts_at, ends_at FROM budget_periods
        WHERE budget_id = ANY ($1) ORDER BY budget_id, starts_at DESC
        """;

    private const string Open = """
        INSERT INTO budget_periods (budget_id, starts_at, announced_end, ends_at, amount, spent, simulated, leased, suspended, late, excess)
        VALUES ($1, $2, $3, $3, $4, 0, 0, 0, 0, 0, 0)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>The running period of each budget. The budgets' rows must be locked against change.</summary>
    public static async Task<Dictionary<Guid, PeriodBounds>> EnsureAsync(
        NpgsqlConnection connection, IReadOnlyList<StoredBudget> budgets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await LatestAsync(connection, budgets.Select(budget => budget.Id).ToArray(), cancellationToken);
        var running = new Dictionary<Guid, PeriodBounds>(budgets.Count);
        foreach (var budget in budgets.OrderBy(budget => budget.Id))
        {
            if (found.TryGetValue(budget.Id, out var latest) && (latest.EndsAt is not { } end || now < end))
            {
                running[budget.Id] = latest;
                continue;
            }

            var next = Following(budget, latest, now);
            running[budget.Id] = next;
            await connection.Command(Open, budget.Id, next.StartsAt, (object?)next.EndsAt ?? DBNull.Value, budget.Amount).ExecuteAsync(cancellationToken);
        }

        return running;
    }

    /// <summary>The period that an instant lies in, given the last one that was opened; nothing is written.</summary>
    public static PeriodBounds Following(StoredBudget budget, PeriodBounds latest, DateTimeOffset now)
    {
        var next = budget.Calendar.At(now);
        // A period that was stretched by a change of its budget covers what the calendar would give to another one.
        return latest.EndsAt is { } end && next.StartsAt < end ? next with { StartsAt = end } : next;
    }

    private static async Task<Dictionary<Guid, PeriodBounds>> LatestAsync(NpgsqlConnection connection, Guid[] budgets, CancellationToken cancellationToken)
    {
        var rows = await connection.Command(Latest, budgets).ReadAllAsync(
            reader => (Id: reader.GetGuid(0), Bounds: new PeriodBounds(reader.GetFieldValue<DateTimeOffset>(1), reader.Optional<DateTimeOffset>(2))),
            cancellationToken);
        return rows.ToDictionary(row => row.Id, row => row.Bounds);
    }
}
