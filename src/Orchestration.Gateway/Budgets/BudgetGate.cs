namespace Orchestration.Gateway.Budgets;

/// <summary>
/// Reserves what a request may cost on every budget that applies, from leases that this process holds: without a word to anybody as long as
/// they suffice.
/// </summary>
internal sealed class BudgetGate(LeaseBook book, LeaseClient ledger)
{
    // Other requests may take what was granted for this one only when budgets changed in between.
    private const int MostDemands = 4;

    public async ValueTask<BudgetOutcome> ReserveAsync(SpendScope scope, decimal amount, CancellationToken cancellationToken)
    {
        if (amount == 0)
            return new BudgetOutcome.Reserved(BudgetHold.None);

        var hold = book.Take(scope, amount);
        try
        {
            for (var demands = 0; !hold.IsComplete && demands < MostDemands; demands++)
            {
                var answer = await ledger.DemandAsync(hold, book.CouldTakeAsBefore(hold), cancellationToken);
                if (answer?.Refusal is { } refusal)
                    return GiveUp(hold, BudgetFailures.Exhausted(refusal, amount));
                if (answer is null)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            book.GiveBack(hold);
            throw;
        }

        if (!hold.IsComplete && !book.TakeAsBefore(hold))
            return GiveUp(hold, book.IsUnlimitedAccount(scope) ? new BudgetOutcome.Reserved(BudgetHold.None) : new BudgetOutcome.Unknown(BudgetFailures.Unknown()));
        if (hold.IsLow)
            ledger.AskAhead(hold);
        return new BudgetOutcome.Reserved(hold);
    }

    /// <summary>A request that was not run.</summary>
    public void GiveBack(BudgetHold hold) => Settle(hold, 0);

    /// <summary>A request that ended; null when nobody knows what it cost.</summary>
    public void Settle(BudgetHold hold, decimal? cost)
    {
        if (!ReferenceEquals(hold, BudgetHold.None))
            book.Settle(hold, cost);
    }

    private BudgetOutcome GiveUp(BudgetHold hold, BudgetOutcome outcome)
    {
        book.GiveBack(hold);
        return outcome;
    }
}
