using Orchestration.Pricing;

namespace Orchestration.Providers.Execution;

/// <summary>The cost ceiling of one request and what its attempts have used of it, in the tenant's currency.</summary>
internal sealed class SpendingLimit(string currency, Money? ceiling)
{
    private readonly Lock _gate = new();
    private readonly List<SpendingShare> _open = [];
    private Money _spent = Money.Zero(currency);

    /// <summary>What the attempts that ended have cost.</summary>
    public Money Spent
    {
        get
        {
            lock (_gate) return _spent;
        }
    }

    public bool IsLimited => ceiling is not null;

    /// <summary>How much of the request is still to be made, from 0 to 1: the worst case of a candidate is that of the whole.</summary>
    public decimal Remaining { get; set; } = 1;

    /// <summary>Whether what remains may be spent on a candidate with this worst case, beside the most that running attempts can cost.</summary>
    public bool Allows(Money worstCase) => Allows(new Money(worstCase.Amount * Remaining, worstCase.Currency), except: null);

    public void Add(Money spent)
    {
        lock (_gate) _spent += spent;
    }

    /// <summary>Sets aside the most that an attempt can cost while it runs.</summary>
    public SpendingShare Begin(Money worstCase)
    {
        var share = new SpendingShare(this, worstCase);
        lock (_gate) _open.Add(share);
        return share;
    }

    public bool Allows(Money more, SpendingShare? except)
    {
        if (ceiling is not { } limit) return true;
        lock (_gate) return _open.Where(s => s != except).Aggregate(_spent + more, (sum, share) => sum + share.WorstCase) <= limit;
    }

    public void Settle(SpendingShare share, Money spent)
    {
        lock (_gate)
        {
            if (_open.Remove(share)) _spent += spent;
        }
    }
}

/// <summary>The part of a ceiling that one running attempt may use.</summary>
internal sealed class SpendingShare(SpendingLimit limit, Money worstCase)
{
    public Money WorstCase => worstCase;

    public bool IsLimited => limit.IsLimited;

    /// <summary>Whether the attempt may have cost this much.</summary>
    public bool Allows(Money soFar) => limit.Allows(soFar, except: this);

    /// <summary>The attempt is over and cost this much.</summary>
    public void Settle(Money spent) => limit.Settle(this, spent);
}
