using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Budgets;

/// <summary>
/// The leases of this process and what is free on them. Time is measured from the moment at which an amount was asked for, by a clock that
/// nobody sets.
/// </summary>
internal sealed class LeaseBook(TimeProvider timeProvider)
{
    private const int MostScopes = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HeldLease> _leases = [];
    private readonly Dictionary<Guid, List<HeldLease>> _byBudget = [];
    private readonly Dictionary<SpendScope, IReadOnlyList<Guid>> _applicable = [];
    private readonly Dictionary<SpendScope, IReadOnlyList<Guid>> _outdated = [];
    private readonly ConcurrentDictionary<(string Tenant, string Project, string Key), decimal> _left = new();

    /// <summary>Takes an amount from what is held. The hold is complete when no budget is missing any more.</summary>
    public BudgetHold Take(SpendScope scope, decimal amount)
    {
        var hold = new BudgetHold(scope, amount);
        lock (_gate)
            Fill(hold);
        return hold;
    }

    /// <summary>
    /// What the tightest budget of an account's last grant had left after it, in the account's currency; null when no budget was met. Only to prefer cheaper models by: what may be spent is decided by leases.
    /// </summary>
    public decimal? LeftOf(string tenantId, string projectId, string keyId) =>
        !_left.IsEmpty && _left.TryGetValue((tenantId, projectId, keyId), out var left) ? left : null;

    /// <summary>Enters what was granted, and takes it for the hold that it was asked for.</summary>
    public void Enter(LeaseGrant grant, BudgetHold hold, long askedAt)
    {
        lock (_gate)
        {
            foreach (var granted in grant.Leases)
                Add(granted, hold.Scope.Currency, askedAt);
            RememberLeft(grant, hold.Scope);
            if (_applicable.Count >= MostScopes)
                _applicable.Clear();
            _applicable[hold.Scope] = [.. grant.BudgetIds.Select(Guid.Parse)];
            _outdated.Remove(hold.Scope);
            if (!hold.IsAbandoned && !hold.IsComplete)
                Fill(hold);
        }
    }

    /// <summary>True when <see cref="TakeAsBefore"/> would complete a hold now.</summary>
    public bool CouldTakeAsBefore(BudgetHold hold)
    {
        lock (_gate)
        {
            return _outdated.TryGetValue(hold.Scope, out var budgets)
                && budgets.All(budget => hold.Leases.Exists(lease => lease.BudgetId == budget) || Find(budget, hold.Amount) is not null);
        }
    }

    /// <summary>
    /// Takes the rest of a hold by the budgets that applied when the ledger was last heard, since it is silent now: what was leased is spent from
    /// as before. True when that completes the hold.
    /// </summary>
    public bool TakeAsBefore(BudgetHold hold)
    {
        lock (_gate)
        {
            if (_outdated.TryGetValue(hold.Scope, out var budgets))
                Fill(hold, budgets);
            return hold.IsComplete;
        }
    }

    /// <summary>Gives up a hold that its request makes no use of.</summary>
    public void GiveBack(BudgetHold hold) => Settle(hold, 0);

    /// <summary>The request is settled: what it did not cost is free again. Null when its cost is not known, which keeps the whole amount taken.</summary>
    public void Settle(BudgetHold hold, decimal? cost)
    {
        lock (_gate)
        {
            hold.IsAbandoned = true;
            foreach (var lease in hold.Leases)
            {
                lease.Open--;
                lease.Free += hold.Amount - (cost ?? hold.Amount);
            }

            hold.Leases.Clear();
        }
    }

    /// <summary>Budgets that a hold has been given by, or that have enough for others.</summary>
    public IReadOnlyList<Guid> Covered(BudgetHold hold, bool aheadOfNeed)
    {
        lock (_gate)
        {
            return aheadOfNeed
                ? [.. _leases.Values.Where(lease => IsUsable(lease) && !lease.IsLow).Select(lease => lease.BudgetId).Distinct()]
                : [.. hold.Leases.Select(lease => lease.BudgetId)];
        }
    }

    /// <summary>Takes back everything that is free on a budget.</summary>
    public IReadOnlyList<ReturnedAmount> TakeIdle(Guid budgetId)
    {
        lock (_gate)
            return _byBudget.TryGetValue(budgetId, out var leases) ? [.. leases.Where(lease => lease.Free > 0).Select(lease => lease.ReturnFree())] : [];
    }

    /// <summary>
    /// True when no budget was ever seen to apply to the account of a scope, whatever its requests were for: all that there is to go by for a
    /// scope that is met for the first time while the ledger is away.
    /// </summary>
    public bool IsUnlimitedAccount(SpendScope scope)
    {
        lock (_gate)
        {
            var known = _applicable.Concat(_outdated).Where(entry => entry.Key.IsSameAccount(scope)).ToList();
            return known.Count > 0 && known.TrueForAll(entry => entry.Value.Count == 0);
        }
    }

    /// <summary>
    /// What is known about the budgets of a tenant no longer holds; of all tenants, it may no longer hold, and is only gone by while the ledger says nothing else.
    /// </summary>
    public void Forget(string tenantId)
    {
        lock (_gate)
        {
            if (tenantId.Length == 0)
                Outdate();
            foreach (var known in (Dictionary<SpendScope, IReadOnlyList<Guid>>[])[_applicable, _outdated])
            {
                foreach (var scope in known.Keys.Where(scope => scope.TenantId == tenantId).ToList())
                    known.Remove(scope);
            }
        }
    }

    public IReadOnlyList<Guid> Held()
    {
        lock (_gate)
            return [.. _leases.Keys];
    }

    /// <summary>Enters the time that leases got. Those that got none have ended.</summary>
    public void Renew(IReadOnlyCollection<Guid> asked, LeaseRenewed renewed, long askedAt)
    {
        lock (_gate)
        {
            foreach (var id in asked.Except(renewed.Leases.Select(lease => Guid.Parse(lease.LeaseId))))
                Remove(id);
            foreach (var granted in renewed.Leases)
            {
                if (_leases.TryGetValue(Guid.Parse(granted.LeaseId), out var lease))
                    lease.UsableUntil = After(askedAt, granted.TimeLeft.ToTimeSpan());
            }
        }
    }

    /// <summary>Removes leases that no request has a part of and that were not used lately; all of the former when the process ends.</summary>
    public IReadOnlyList<HeldLease> RemoveIdle(TimeSpan unusedFor)
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            var idle = _leases.Values.Where(lease => lease.Open == 0 && timeProvider.GetElapsedTime(lease.LastUsed, now) >= unusedFor).ToList();
            foreach (var lease in idle)
                Remove(lease.Id);
            return idle;
        }
    }

    private void Outdate()
    {
        if (_outdated.Count + _applicable.Count > MostScopes)
            _outdated.Clear();
        foreach (var (scope, budgets) in _applicable)
            _outdated[scope] = budgets;
        _applicable.Clear();
    }

    private void RememberLeft(LeaseGrant grant, SpendScope scope)
    {
        if (_left.Count >= MostScopes)
            _left.Clear();
        var left = grant.Leases.Where(lease => lease.Left.Length > 0).Select(lease => Money.Parse(lease.Left, scope.Currency).Amount).ToList();
        if (left.Count > 0)
            _left[(scope.TenantId, scope.ProjectId, scope.KeyId)] = left.Min();
    }

    private void Fill(BudgetHold hold)
    {
        if (_applicable.TryGetValue(hold.Scope, out var budgets))
            Fill(hold, budgets);
    }

    private void Fill(BudgetHold hold, IReadOnlyList<Guid> budgets)
    {
        hold.IsComplete = true;
        foreach (var budget in budgets)
        {
            if (hold.Leases.Exists(lease => lease.BudgetId == budget))
                continue;
            if (Find(budget, hold.Amount) is { } found)
                TakeFrom(found, hold);
            else
                hold.IsComplete = false;
        }
    }

    private void TakeFrom(HeldLease lease, BudgetHold hold)
    {
        lease.Free -= hold.Amount;
        lease.Open++;
        lease.LastUsed = timeProvider.GetTimestamp();
        hold.Leases.Add(lease);
        hold.IsLow |= lease.IsLow;
    }

    private HeldLease? Find(Guid budgetId, decimal amount)
    {
        if (!_byBudget.TryGetValue(budgetId, out var leases))
            return null;
        foreach (var lease in leases)
        {
            if (lease.Free >= amount && IsUsable(lease))
                return lease;
        }

        return null;
    }

    private void Add(GrantedLease granted, string currency, long askedAt)
    {
        var id = Guid.Parse(granted.LeaseId);
        if (!_leases.TryGetValue(id, out var lease))
        {
            _leases.Add(id, lease = new HeldLease(id, Guid.Parse(granted.BudgetId), currency));
            (CollectionsMarshal.GetValueRefOrAddDefault(_byBudget, lease.BudgetId, out _) ??= []).Add(lease);
        }

        lease.LastGrant = Money.Parse(granted.Amount, currency).Amount;
        lease.Free += lease.LastGrant;
        lease.LastUsed = timeProvider.GetTimestamp();
        lease.UsableUntil = Math.Max(lease.UsableUntil, After(askedAt, granted.TimeLeft.ToTimeSpan()));
    }

    private void Remove(Guid id)
    {
        if (!_leases.Remove(id, out var lease))
            return;
        var others = _byBudget[lease.BudgetId];
        others.Remove(lease);
        if (others.Count == 0)
            _byBudget.Remove(lease.BudgetId);
    }

    private bool IsUsable(HeldLease lease) => timeProvider.GetTimestamp() < lease.UsableUntil;

    private long After(long timestamp, TimeSpan time) => timestamp + (long)((Int128)time.Ticks * timeProvider.TimestampFrequency / TimeSpan.TicksPerSecond);
}
