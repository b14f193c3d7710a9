namespace Orchestration.Metrics.Budgets.Accounts;

internal enum LeaseStage
{
    Active,
    Suspended,
    Closed,
}

/// <summary>The books of one lease; every change of them is told to the period that it was taken from.</summary>
internal sealed class LeaseAccount
{
    public required Guid Id { get; init; }
    public required PeriodAccount Period { get; init; }
    public required string TenantId { get; init; }
    public required string Holder { get; init; }
    public required long FirstSequence { get; init; }
    public required DateTimeOffset GrantedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; set; }
    public long? DrainThrough { get; set; }
    public string? ClosedBy { get; private set; }
    public LeaseStage Stage { get; private set; }
    public decimal Amount { get; private set; }
    public decimal Used { get; private set; }

    /// <summary>What may still be spent from it.</summary>
    public decimal Remainder => Stage == LeaseStage.Closed ? 0 : Math.Max(0, Amount - Used);

    /// <summary>What was booked on it beyond its amount.</summary>
    public decimal Late => Math.Max(0, Used - Amount);

    public LeaseAccount WithBooks(LeaseStage stage, decimal amount, decimal used, string? closedBy = null)
    {
        (Stage, Amount, Used, ClosedBy) = (stage, amount, used, closedBy);
        return this;
    }

    /// <summary>Takes an amount from what the period has left.</summary>
    public void Take(decimal amount)
    {
        if (Stage != LeaseStage.Active)
            throw new InvalidOperationException($"Lease {Id} is {Stage} and takes nothing.");
        // What was booked beyond its amount is spent already: the new amount is all there for what comes.
        Period.Lease(amount);
        Amount = Math.Max(Amount, Used) + amount;
    }

    /// <summary>Gives back what its holder has idle, at most what remains.</summary>
    public void Return(decimal amount)
    {
        var returned = Math.Min(amount, Remainder);
        Change(() => Amount -= returned, booked: 0, simulated: false);
    }

    /// <summary>Books a cost, or a difference of costs: it is never refused, whatever the lease has left.</summary>
    public void Book(decimal difference, bool simulated) => Change(
        () =>
        {
            Used += difference;
            if (Stage == LeaseStage.Closed)
                Amount = Math.Min(Amount, Used);
        },
        difference,
        simulated);

    /// <summary>Its time is over, but its holder may have spent from it: it is held at its full value.</summary>
    public void Suspend()
    {
        if (Stage == LeaseStage.Active)
            Change(() => Stage = LeaseStage.Suspended, booked: 0, simulated: false);
    }

    /// <summary>Its holder turned out to be alive. What it held was never given to anybody else.</summary>
    public void Resume()
    {
        if (Stage == LeaseStage.Suspended)
            Change(() => Stage = LeaseStage.Active, booked: 0, simulated: false);
    }

    public void Close(string by) => Change(
        () =>
        {
            Stage = LeaseStage.Closed;
            Amount = Math.Min(Amount, Used);
            ClosedBy = by;
        },
        booked: 0,
        simulated: false);

    private void Change(Action change, decimal booked, bool simulated)
    {
        var (stage, remainder, late) = (Stage, Remainder, Late);
        change();
        var leased = (Stage == LeaseStage.Active ? Remainder : 0) - (stage == LeaseStage.Active ? remainder : 0);
        var suspended = (Stage == LeaseStage.Suspended ? Remainder : 0) - (stage == LeaseStage.Suspended ? remainder : 0);
        Period.Move(leased, suspended, booked, Late - late, simulated);
    }
}
