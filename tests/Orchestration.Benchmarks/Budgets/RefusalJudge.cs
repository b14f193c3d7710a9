namespace Orchestration.Benchmarks.Budgets;

/// <summary>
/// Says which refusals were false. One is, when on every budget that limits its key at least its worst case was free without a break, from some time
/// before it was sent (in which idle money can be recalled from the gateways that hold it) until its refusal was read. Free is what was neither spent
/// nor reserved by a request in flight: money that lies idle in the lease of a gateway is free. Not free is what the leases of a killed gateway hold
/// until they are closed, since nobody can know what it did with them.
/// </summary>
internal sealed class RefusalJudge(IReadOnlyList<BudgetedTenant> tenants, IReadOnlyList<SpentRequest> requests, KilledGateway killed, TimeSpan recall)
{
    private static readonly TimeSpan OneTick = TimeSpan.FromTicks(1);

    /// <param name="refusals">What was refused.</param>
    /// <param name="withRefused">
    /// True when a request that waits to be refused on one budget has, until then, reserved its worst case on those that let it in, as the gateway does it; false
    /// when only requests that ran count.
    /// </param>
    public IReadOnlyList<BudgetRefusal> FindFalse(IReadOnlyCollection<BudgetRefusal> refusals, bool withRefused)
    {
        var books = Books(withRefused ? refusals : []);
        return [.. refusals.Where(refusal => refusal.Tenant.BudgetsOf(refusal.Key.Project, refusal.Key.Id).All(budget =>
            books[budget.Id].Least(refusal.Sent - recall, refusal.Sent - OneTick) >= refusal.WorstCase
            // Its own part of what is held does not stand in its way.
            && books[budget.Id].Least(refusal.Sent, refusal.Heard) + (withRefused ? refusal.WorstCase : 0) >= refusal.WorstCase))];
    }

    private Dictionary<Guid, FreeMoney> Books(IReadOnlyCollection<BudgetRefusal> refusals)
    {
        var books = tenants.SelectMany(tenant => tenant.Budgets).ToDictionary(budget => budget.Id, budget => new FreeMoney(budget.Amount));
        var byId = tenants.ToDictionary(tenant => tenant.Id);
        foreach (var request in requests)
        {
            foreach (var budget in byId[request.TenantId].BudgetsOf(request.ProjectId, request.KeyId))
                Enter(books[budget.Id], request);
        }

        foreach (var held in killed.Held)
            books[held.BudgetId].Hold(killed.At, killed.ClosedAt(held.LeaseId), held.Amount);
        foreach (var refusal in refusals)
        {
            foreach (var budget in refusal.Tenant.BudgetsOf(refusal.Key.Project, refusal.Key.Id))
                books[budget.Id].Hold(refusal.Sent, refusal.Heard, refusal.WorstCase);
        }

        foreach (var book in books.Values)
            book.Sum();
        return books;
    }

    private void Enter(FreeMoney book, SpentRequest request)
    {
        // What the killed gateway had in flight is part of what its leases hold from then on, and known to be spent once they are closed.
        var isLost = request.Leases.Any(killed.Has) && (request.CompletedAt is null || request.CompletedAt > killed.At);
        var end = isLost ? killed.At : request.CompletedAt ?? DateTimeOffset.MaxValue;
        book.Hold(request.StartedAt, end, request.Reserved);
        book.Spend(isLost ? request.Leases.Max(killed.ClosedAt) : end, request.Cost);
    }
}

/// <summary>A gateway that was killed, and what its leases held at that moment.</summary>
internal sealed record KilledGateway(DateTimeOffset At, IReadOnlyList<HeldAmount> Held, IReadOnlyDictionary<Guid, DateTimeOffset> Closed)
{
    private readonly HashSet<Guid> _leases = [.. Held.Select(held => held.LeaseId)];

    public bool Has(Guid lease) => _leases.Contains(lease);

    public DateTimeOffset ClosedAt(Guid lease) => _leases.Contains(lease) ? Closed.GetValueOrDefault(lease, DateTimeOffset.MaxValue) : At;
}
