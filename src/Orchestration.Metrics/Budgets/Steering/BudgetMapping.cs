using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Data;
using Orchestration.Metrics.Budgets.Periods;
using Orchestration.Pricing;

namespace Orchestration.Metrics.Budgets.Steering;

internal static class BudgetMapping
{
    public static string Text(decimal amount) => new Money(amount, "USD").FormatAmount();

    public static BudgetScope ToProto(BudgetLevel level) => (BudgetScope)((int)level + 1);

    public static BudgetAction ActionOf(StoredBudget budget) => budget.CheaperRoute is null ? BudgetAction.Refuse : BudgetAction.CheaperRoute;

    public static BudgetLevel? LevelOf(BudgetScope scope) =>
        System.Enum.IsDefined(scope) && scope != BudgetScope.Unspecified ? (BudgetLevel)((int)scope - 1) : null;

    public static PeriodKind? KindOf(BudgetPeriod period) =>
        System.Enum.IsDefined(period) && period != BudgetPeriod.Unspecified ? (PeriodKind)((int)period - 1) : null;

    public static Budget ToProto(BudgetWithState found)
    {
        var row = found.Budget;
        var budget = new Budget
        {
            Id = row.Id.ToString("D"),
            TenantId = row.TenantId,
            Name = row.Name,
            Scope = ToProto(row.Scope),
            ScopeId = row.ScopeId,
            Amount = new Money(row.Amount, row.Currency).ToProto(),
            Period = (BudgetPeriod)((int)row.Period + 1),
            TimeZone = row.TimeZone,
            Action = ActionOf(row),
            CheaperRoute = row.CheaperRoute ?? "",
            Enabled = row.Enabled,
            CountsSimulated = row.CountsSimulated,
            Version = row.Version,
            CreatedAt = row.CreatedAt.ToTimestamp(),
            Current = ToProto(found.Period),
        };
        budget.Thresholds.AddRange(row.Thresholds);
        return budget;
    }

    public static BudgetLease ToProto(StoredLease lease)
    {
        var told = new BudgetLease
        {
            Id = lease.Id.ToString("D"),
            BudgetId = lease.BudgetId.ToString("D"),
            Holder = lease.Holder,
            State = (LeaseState)((int)LockedAccounts.StageOf(lease.State) + 1),
            Amount = Text(lease.Amount),
            Used = Text(lease.Used),
            PeriodStartsAt = lease.PeriodStartsAt.ToTimestamp(),
            ExpiresAt = lease.ExpiresAt.ToTimestamp(),
            GrantedAt = lease.GrantedAt.ToTimestamp(),
        };
        if (lease.DrainThrough is { } through)
            told.DrainThrough = through;
        return told;
    }

    private static BudgetPeriodState ToProto(PeriodAccount period) => new()
    {
        StartsAt = period.StartsAt.ToTimestamp(),
        ResetsAt = period.EndsAt?.ToTimestamp(),
        Amount = Text(period.Amount),
        Spent = Text(period.Spent),
        Simulated = Text(period.Simulated),
        Leased = Text(period.Leased),
        Suspended = Text(period.Suspended),
        Left = Text(period.Left),
        OverRun = Text(period.Late),
    };
}

/// <summary>A budget with the books of its running period.</summary>
internal sealed record BudgetWithState(StoredBudget Budget, PeriodAccount Period);
