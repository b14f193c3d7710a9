using System.Collections.Concurrent;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Budgets;

/// <summary>Demands and renewals on their way, by the numbers under which they are answered.</summary>
internal sealed class LeaseDemands(LeaseBook book, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<long, Asked> _demands = new();
    private readonly ConcurrentDictionary<long, (IReadOnlyList<Guid> Leases, long At)> _renewals = new();
    private readonly ConcurrentDictionary<SpendScope, long> _ahead = new();
    private long _number;

    /// <summary>A demand for a hold, and its answer; null when it was lost.</summary>
    public (LeaseRequest Message, Task<LeaseResponse?> Answer) Ask(BudgetHold hold)
    {
        var asked = new Asked(hold, timeProvider.GetTimestamp());
        var number = Interlocked.Increment(ref _number);
        _demands[number] = asked;
        return (DemandOf(number, hold, aheadOfNeed: false), asked.Answer.Task);
    }

    /// <summary>A demand ahead of need; null while one for requests of the same kind is under way.</summary>
    public LeaseRequest? AskAhead(SpendScope scope, decimal amount)
    {
        var number = Interlocked.Increment(ref _number);
        if (!_ahead.TryAdd(scope, number))
            return null;
        var nobodys = new BudgetHold(scope, amount) { IsAbandoned = true };
        _demands[number] = new Asked(nobodys, timeProvider.GetTimestamp());
        return DemandOf(number, nobodys, aheadOfNeed: true);
    }

    /// <summary>Asks for more time on leases.</summary>
    public LeaseRequest Renew(IReadOnlyList<Guid> leases)
    {
        var number = Interlocked.Increment(ref _number);
        _renewals[number] = (leases, timeProvider.GetTimestamp());
        var renewal = new LeaseRenewal { Number = number };
        renewal.LeaseIds.AddRange(leases.Select(id => id.ToString("D")));
        return new LeaseRequest { Renewal = renewal };
    }

    /// <summary>Enters an answer into the book and tells it to who waits.</summary>
    public void Answered(LeaseResponse response)
    {
        switch (response.MessageCase)
        {
            case LeaseResponse.MessageOneofCase.Grant when _demands.TryRemove(response.Grant.Number, out var met):
                book.Enter(response.Grant, met.Hold, met.At);
                End(response.Grant.Number, met, response);
                break;
            case LeaseResponse.MessageOneofCase.Refusal when _demands.TryRemove(response.Refusal.Number, out var refused):
                End(response.Refusal.Number, refused, response);
                break;
            case LeaseResponse.MessageOneofCase.Renewed when _renewals.TryRemove(response.Renewed.Number, out var renewal):
                book.Renew(renewal.Leases, response.Renewed, renewal.At);
                break;
        }
    }

    /// <summary>The stream is gone, and with it all answers.</summary>
    public void Lost()
    {
        _renewals.Clear();
        foreach (var number in _demands.Keys)
            Drop(number);
    }

    /// <summary>A demand that could not be sent, or that nobody will answer.</summary>
    public void Drop(long number)
    {
        if (_demands.TryRemove(number, out var asked))
            End(number, asked, null);
    }

    private void End(long number, Asked asked, LeaseResponse? response)
    {
        _ahead.TryRemove(KeyValuePair.Create(asked.Hold.Scope, number));
        asked.Answer.TrySetResult(response);
    }

    private LeaseRequest DemandOf(long number, BudgetHold hold, bool aheadOfNeed)
    {
        var demand = new LeaseDemand
        {
            Number = number,
            TenantId = hold.Scope.TenantId,
            ProjectId = hold.Scope.ProjectId,
            KeyId = hold.Scope.KeyId,
            Currency = hold.Scope.Currency,
            WorstCase = new Money(hold.Amount, hold.Scope.Currency).FormatAmount(),
            Simulated = hold.Scope.Simulated,
            AheadOfNeed = aheadOfNeed,
        };
        demand.ModelGroups.AddRange(hold.Scope.ModelGroups);
        demand.CoveredBudgetIds.AddRange(book.Covered(hold, aheadOfNeed).Select(id => id.ToString("D")));
        return new LeaseRequest { Demand = demand };
    }

    private sealed record Asked(BudgetHold Hold, long At)
    {
        public TaskCompletionSource<LeaseResponse?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
