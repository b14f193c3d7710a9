using System.Collections.Concurrent;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Budgets;

/// <summary>Demands and renewals on their way, by the numbers under which they are answered.</summary>
internal sealed class LeaseDemands(LeaseBook book, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<long, Asked> _demands = new();
    private readonly ConcurrentDictionary<long, (IReadOnlyList<Guid> Leases, long At)> _renewals = new();
    private long _number;

    /// <summary>A demand for a hold, and its answer; null when it was lost.</summary>
    public (LeaseRequest Message, Task<LeaseResponse?> Answer) Ask(BudgetHold hold, bool aheadOfNeed)
    {
        var number = Interlocked.Increment(ref _number);
        var asked = new Asked(hold, timeProvider.GetTimestamp());
        _demands[number] = asked;
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
        return (new LeaseRequest { Demand = demand }, asked.Answer.Task);
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
                met.Answer.TrySetResult(response);
                break;
            case LeaseResponse.MessageOneofCase.Refusal when _demands.TryRemove(response.Refusal.Number, out var refused):
                refused.Answer.TrySetResult(response);
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
        {
            if (_demands.TryRemove(number, out var asked))
                asked.Answer.TrySetResult(null);
        }
    }

    private sealed record Asked(BudgetHold Hold, long At)
    {
        public TaskCompletionSource<LeaseResponse?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
