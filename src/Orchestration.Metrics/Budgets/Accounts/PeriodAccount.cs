namespace Orchestration.Metrics.Budgets.Accounts;

/// <summary>The books of one period of a budget, held under its row lock. Amounts only move; none is made.</summary>
internal sealed class PeriodAccount
{
    public required Guid BudgetId { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset? EndsAt { get; init; }
    public required bool CountsSimulated { get; init; }
    public required string Currency { get; init; }
    public decimal Amount { get; private set; }
    public decimal Spent { get; private set; }
    public decimal Simulated { get; private set; }
    public decimal Leased { get; private set; }
    public decimal Suspended { get; private set; }
    public decimal Late { get; private set; }
    public decimal Excess { get; private set; }

    public decimal Committed => Spent + Simulated + Leased + Suspended;

    public decimal Left => Math.Max(0, Amount - Committed);

    public static PeriodAccount Open(
        Guid budgetId, DateTimeOffset startsAt, DateTimeOffset? endsAt, decimal amount, string currency, bool countsSimulated) =>
        new() { BudgetId = budgetId, StartsAt = startsAt, EndsAt = endsAt, Currency = currency, CountsSimulated = countsSimulated, Amount = amount };

    public PeriodAccount WithBooks(decimal spent, decimal simulated, decimal leased, decimal suspended, decimal late, decimal excess)
    {
        (Spent, Simulated, Leased, Suspended, Late, Excess) = (spent, simulated, leased, suspended, late, excess);
        return this;
    }

    public void SetAmount(decimal amount)
    {
        Amount = amount;
        Balance();
    }

    /// <summary>Hands out an amount. The excess stays as it is, so that the database refuses what this check would let pass.</summary>
    public void Lease(decimal amount)
    {
        if (amount < 0 || amount > Left)
            throw new InvalidOperationException($"Budget {BudgetId} cannot lease more than it has left.");
        Leased += amount;
    }

    /// <summary>Tells what happened to a lease: by how much its remainder, its booked cost and its uncovered cost changed.</summary>
    public void Move(decimal leased, decimal suspended, decimal booked, decimal late, bool simulated)
    {
        Leased += leased;
        Suspended += suspended;
        Late += late;
        if (simulated)
            Simulated += booked;
        else
            Spent += booked;
        Balance();
    }

    private void Balance() => Excess = Math.Max(0, Committed - Amount);
}
