using MassTransit;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Budgets.Data;

namespace Orchestration.Metrics.Budgets.Booking;

/// <summary>
/// Tells passed thresholds after the transaction that noted them. A row stays untold until the broker has confirmed it, so that each is
/// told at least once; whoever hears it knows a second telling by budget, period and percentage.
/// </summary>
internal sealed class ThresholdNews(NpgsqlDataSource dataSource, IBus bus, TimeProvider timeProvider)
{
    private const string Untold = """
        SELECT c.budget_id, b.tenant_id, b.name, b.scope, b.scope_id, c.period_starts_at, p.ends_at, c.percent, c.spent, c.amount, b.currency, c.crossed_at
        FROM budget_crossings c
        JOIN budgets b ON b.id = c.budget_id
        JOIN budget_periods p ON p.budget_id = c.budget_id AND p.starts_at = c.period_starts_at
        WHERE c.published_at IS NULL
        ORDER BY c.crossed_at, c.percent
        LIMIT 50
        FOR UPDATE OF c SKIP LOCKED
        """;

    private const string Told = """
        UPDATE budget_crossings SET published_at = now() WHERE budget_id = $1 AND period_starts_at = $2 AND percent = $3
        """;

    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Tells what is untold; returns how many.</summary>
    public async Task<int> TellAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var crossings = await connection.Command(Untold).ReadAllAsync(Read, cancellationToken);
        foreach (var crossing in crossings)
        {
            using var deadline = new CancellationTokenSource(PublishTimeout, timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            await bus.Publish(crossing, either.Token).WaitAsync(PublishTimeout, timeProvider, cancellationToken);
            await connection.Command(Told, Guid.Parse(crossing.BudgetId), crossing.PeriodStart, crossing.ThresholdPercent).ExecuteAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return crossings.Count;
    }

    private static BudgetThresholdCrossed Read(NpgsqlDataReader reader) => new()
    {
        BudgetId = reader.GetGuid(0).ToString("D"),
        TenantId = reader.GetString(1),
        Name = reader.GetString(2),
        Scope = ScopeOf(Enum.Parse<BudgetLevel>(reader.GetString(3)), reader.GetString(4)),
        PeriodStart = reader.GetFieldValue<DateTimeOffset>(5),
        PeriodEnd = reader.Optional<DateTimeOffset>(6) ?? DateTimeOffset.MaxValue,
        ThresholdPercent = reader.GetInt32(7),
        Spent = reader.GetDecimal(8),
        Limit = reader.GetDecimal(9),
        Currency = reader.GetString(10),
        CrossedAt = reader.GetFieldValue<DateTimeOffset>(11),
    };

    private static string ScopeOf(BudgetLevel level, string id) => level switch
    {
        BudgetLevel.Tenant => "tenant",
        BudgetLevel.Project => "project:" + id,
        BudgetLevel.Key => "key:" + id,
        _ => "model_group:" + id,
    };
}
