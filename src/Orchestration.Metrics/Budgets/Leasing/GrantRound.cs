using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Data;
using Orchestration.Metrics.Budgets.Periods;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>Decides demands one after the other, on accounts that are locked.</summary>
internal sealed class GrantRound(
    IReadOnlyList<StoredBudget> budgets,
    IReadOnlyDictionary<Guid, PeriodBounds> running,
    LockedAccounts locked,
    BudgetOptions options,
    DateTimeOffset now,
    bool needOnly)
{
    public DemandOutcome Decide(HolderDemand asked)
    {
        var (holder, demand) = asked;
        var wanted = budgets.Where(demand.Wants).ToList();
        var shortages = demand.AheadOfNeed ? [] : FindShort(wanted, demand);
        if (shortages.Count > 0)
            return new DemandOutcome.Refused(shortages);

        List<Granted> granted = [];
        foreach (var budget in wanted)
        {
            if (Take(budget, holder, demand) is { } grant)
                granted.Add(grant);
        }

        return new DemandOutcome.Met(granted, [.. budgets.Where(demand.IsLimitedBy).Select(budget => budget.Id)]);
    }

    private PeriodAccount PeriodOf(StoredBudget budget) => locked.Period(budget.Id, running[budget.Id].StartsAt);

    private List<Shortage> FindShort(List<StoredBudget> wanted, Demand demand)
    {
        List<Shortage> shortages = [];
        foreach (var budget in wanted)
        {
            var period = PeriodOf(budget);
            // An amount in another currency says nothing about this request: what cannot be compared is refused.
            if (budget.Currency != demand.Currency || period.Left < demand.WorstCase || period.Left == 0)
                shortages.Add(new Shortage(budget, period.StartsAt, period.Left, period.EndsAt));
        }

        return shortages;
    }

    private Granted? Take(StoredBudget budget, Holder holder, Demand demand)
    {
        var period = PeriodOf(budget);
        var amount = budget.Currency == demand.Currency ? AmountOf(demand, period.Left, options.SliceOf(budget.Currency)) : 0;
        if (amount == 0)
            return null;

        var lease = locked.Leases.FirstOrDefault(held => held.Period == period && held.Holder == holder.Instance && held.FirstSequence == holder.FirstSequence);
        if (lease is null)
        {
            lease = new LeaseAccount
            {
                Id = Guid.CreateVersion7(now),
                Period = period,
                TenantId = budget.TenantId,
                Holder = holder.Instance,
                FirstSequence = holder.FirstSequence,
                GrantedAt = now,
            };
            locked.Add(lease);
        }

        lease.Resume();
        lease.Take(amount);
        lease.ExpiresAt = LeaseGranting.ExpiryOf(period, now, options.LeaseDuration);
        return new Granted(lease.Id, budget.Id, amount, lease.ExpiresAt - now, lease.ExpiresAt, period.Left);
    }

    private decimal AmountOf(Demand demand, decimal left, decimal largestAhead) => (demand.AheadOfNeed, needOnly) switch
    {
        (true, true) => 0,
        (true, false) => Slicing.Ahead(demand.WorstCase, left, largestAhead),
        (false, true) => demand.WorstCase,
        (false, false) => Slicing.Of(demand.WorstCase, left, largestAhead),
    };
}
