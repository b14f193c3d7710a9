using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing;

/// <summary>A price record, checked and compiled: what a usage costs, and the most that a request can cost.</summary>
public sealed class Price
{
    private const decimal Millionth = 0.000001m;
    private static readonly TokenClass[] Classes = Enum.GetValues<TokenClass>();
    private readonly CompiledTier[] _tiers;

    internal Price(PriceRecord record, CompiledTier[] tiers, Billing billing)
    {
        Record = record;
        Billing = billing;
        _tiers = tiers;
        Rates = Array.ConvertAll(tiers, static tier => new TokenRates(tier.Input, tier.CacheRead, tier.Output));
    }

    /// <summary>The record that this was made from. Not to be changed.</summary>
    public PriceRecord Record { get; }

    /// <summary>What the tenant pays for it.</summary>
    public Billing Billing { get; }

    /// <summary>Currency of every amount.</summary>
    public string Currency => Record.Currency;

    /// <summary>Checks and compiles a record.</summary>
    /// <exception cref="InvalidPriceException">A member is missing or wrong, or the tiers leave a request without a price.</exception>
    public static Price Parse(PriceRecord record) => PriceParser.Parse(record);

    /// <summary>Whether the record is the one in force at an instant.</summary>
    public bool HoldsAt(DateTimeOffset instant) =>
        (Record.EffectiveFrom is null || Record.EffectiveFrom.ToDateTimeOffset() <= instant)
        && (Record.EffectiveTo is null || instant < Record.EffectiveTo.ToDateTimeOffset());

    /// <summary>What a usage costs: the first tier whose conditions all hold prices the whole request.</summary>
    /// <param name="usage">Disjoint token counts.</param>
    /// <param name="requestStartedAt">Decides the time-of-day window.</param>
    /// <param name="thinking">Whether the request ran with thinking on.</param>
    /// <param name="serviceTier">The provider's service tier; one that the record does not list is billed as the default tier.</param>
    /// <exception cref="OverflowException">The cost cannot be held exactly.</exception>
    /// <exception cref="InvalidPriceException">Searches were used, but the record does not sell any.</exception>
    public Cost CostOf(Usage usage, DateTimeOffset requestStartedAt, bool thinking, string serviceTier = "")
    {
        foreach (var tokenClass in Classes) ArgumentOutOfRangeException.ThrowIfNegative(CompiledTier.Count(usage, tokenClass), nameof(usage));
        var index = TierFor(usage, requestStartedAt, thinking, serviceTier);
        var tier = _tiers[index];
        var total = 0m;
        var lines = new List<CostLine>(4);
        foreach (var tokenClass in Classes)
        {
            var count = CompiledTier.Count(usage, tokenClass);
            if (count == 0) continue;

            var rate = tier.RateOf(tokenClass);
            var amount = tokenClass == TokenClass.Search ? ExactDecimal.Multiply(rate, count) : PerMillion(rate, count);
            total = ExactDecimal.Add(total, amount);
            lines.Add(new CostLine(tokenClass, count, rate, new Money(amount, Currency)));
        }

        return new Cost(new Money(total, Currency), lines, index);
    }

    /// <summary>Rates of each tier.</summary>
    public IReadOnlyList<TokenRates> Rates { get; }

    /// <summary>
    /// Place in <see cref="Rates"/> of what a request of these lengths is charged by, without thinking where it has a price of
    /// its own: to compare prices before there is a usage. -1 when no tier fits it.
    /// </summary>
    /// <param name="inputTokens">Length of the prompt.</param>
    /// <param name="outputTokens">Length of the answer.</param>
    /// <param name="at">Decides the time-of-day window.</param>
    public int FindTier(long inputTokens, long outputTokens, DateTimeOffset at)
    {
        foreach (var thinking in (ReadOnlySpan<bool>)[false, true])
        {
            for (var i = 0; i < _tiers.Length; i++)
            {
                if (_tiers[i].FitsShape(inputTokens, outputTokens, thinking, "") && _tiers[i].Window?.Contains(at) is not false)
                    return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// The most that a request can cost whose prompt and answer stay within the given lengths: the dearest tier that could
    /// hold at any time of day, with or without thinking, in any service tier, every token in its dearest class.
    /// </summary>
    /// <exception cref="OverflowException">The cost cannot be held exactly.</exception>
    public Money WorstCase(long inputTokens, long outputTokens, long searchUnits = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(searchUnits);
        var worst = 0m;
        foreach (var tier in _tiers)
        {
            if (tier.InputAbove >= inputTokens) continue;
            var input = PerMillion(tier.DearestInput, Math.Min(inputTokens, tier.InputUpTo));
            var output = PerMillion(tier.DearestOutput, Math.Min(outputTokens, tier.OutputUpTo));
            var searches = ExactDecimal.Multiply(tier.PerSearch ?? 0m, searchUnits);
            worst = Math.Max(worst, ExactDecimal.Add(ExactDecimal.Add(input, output), searches));
        }

        return new Money(worst, Currency);
    }

    /// <summary>
    /// What a usage comes to for provider and tenant. A class of usage that the record has no rate for is charged as the most
    /// that the request can cost: only that is surely not too low.
    /// </summary>
    /// <param name="usage">Disjoint token counts.</param>
    /// <param name="requestStartedAt">Decides the time-of-day window.</param>
    /// <param name="thinking">Whether the request ran with thinking on.</param>
    /// <param name="serviceTier">The provider's service tier.</param>
    /// <param name="rate">From the price's currency to the tenant's.</param>
    /// <exception cref="InvalidOperationException">A rate is missing or for other currencies.</exception>
    public Charge ChargeOf(Usage usage, DateTimeOffset requestStartedAt, bool thinking, string serviceTier, ExchangeRate rate)
    {
        var isPriced = true;
        var cost = Of(this);
        return new Charge(cost, Billing.Bill(cost, rate, Of), isPriced);

        Money Of(Price price)
        {
            var (amount, isExact) = price.CostOrWorst(usage, requestStartedAt, thinking, serviceTier);
            isPriced &= isExact;
            return amount;
        }
    }

    /// <summary>The most that a tenant can be billed for a request whose prompt and answer stay within the given lengths.</summary>
    /// <exception cref="OverflowException">The cost cannot be held exactly.</exception>
    /// <exception cref="InvalidOperationException">A rate is missing or for other currencies.</exception>
    public Money WorstBilled(long inputTokens, long outputTokens, long searchUnits, ExchangeRate rate) =>
        Billing.Bill(WorstCase(inputTokens, outputTokens, searchUnits), rate, own => own.WorstCase(inputTokens, outputTokens, searchUnits));

    private (Money Amount, bool IsExact) CostOrWorst(Usage usage, DateTimeOffset requestStartedAt, bool thinking, string serviceTier)
    {
        try
        {
            return (CostOf(usage, requestStartedAt, thinking, serviceTier).Total, true);
        }
        catch (Exception exception) when (exception is InvalidPriceException or OverflowException)
        {
            return (WorstCase(usage.TotalInput(), usage.TotalOutput(), usage.SearchUnits), false);
        }
    }

    private int TierFor(Usage usage, DateTimeOffset at, bool thinking, string serviceTier)
    {
        var (input, output) = (usage.TotalInput(), usage.TotalOutput());
        var sold = Array.Exists(_tiers, t => t.ServiceTier == serviceTier) ? serviceTier : "";
        for (var i = 0; i < _tiers.Length; i++)
            if (_tiers[i].FitsShape(input, output, thinking, sold) && _tiers[i].Window?.Contains(at) is not false)
                return i;

        // A named service tier may be sold for short prompts only; longer ones are then billed as the default tier.
        return sold.Length == 0 ? throw new InvalidPriceException("tiers", "leave this request without a price") : TierFor(usage, at, thinking, "");
    }

    private static decimal PerMillion(decimal rate, long tokens) =>
        ExactDecimal.Multiply(ExactDecimal.Multiply(rate, tokens), Millionth);
}
