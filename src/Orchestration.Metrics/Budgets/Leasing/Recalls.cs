using Orchestration.Metrics.Budgets.Accounts;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>
/// Asks holders for what they have idle. Of one budget one recall is under way at a time; who comes while it is waits for the next one, since
/// what became idle meanwhile may have been missed.
/// </summary>
internal sealed class Recalls(BudgetSignals signals)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Round> _coming = [];

    /// <summary>Completes when every holder has answered a recall that began after this call, or its time is over.</summary>
    public Task AskAsync(Guid budgetId, IReadOnlyCollection<Holder> holders)
    {
        lock (_gate)
        {
            if (_coming.TryGetValue(budgetId, out var coming))
            {
                coming.Holders.UnionWith(holders);
                return coming.Ended.Task;
            }

            var first = new Round();
            first.Holders.UnionWith(holders);
            _coming.Add(budgetId, first);
            _ = Task.Run(() => WorkAsync(budgetId), CancellationToken.None);
            return first.Ended.Task;
        }
    }

    private async Task WorkAsync(Guid budgetId)
    {
        while (Begin(budgetId) is { } round)
        {
            try
            {
                await signals.RecallAsync(budgetId, round.Holders);
                round.Ended.TrySetResult();
            }
            catch (Exception exception)
            {
                round.Ended.TrySetException(exception);
            }
        }
    }

    /// <summary>Takes the round that comes; from here on who asks waits for the one after it. Null when nobody asks.</summary>
    private Round? Begin(Guid budgetId)
    {
        lock (_gate)
        {
            var round = _coming[budgetId];
            if (round.Holders.Count == 0)
            {
                _coming.Remove(budgetId);
                return null;
            }

            _coming[budgetId] = new Round();
            return round;
        }
    }

    private sealed class Round
    {
        public HashSet<Holder> Holders { get; } = [];

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
