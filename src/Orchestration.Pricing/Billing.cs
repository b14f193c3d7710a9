using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing;

/// <summary>What a tenant pays for what a provider charges: the same, the same with a margin, or a price of its own.</summary>
public sealed class Billing
{
    /// <summary>Most digits after the point of a margin in percent.</summary>
    public const int MostMarginDigits = 4;

    /// <summary>The tenant pays what the provider charges.</summary>
    public static readonly Billing AtCost = new(1m, null, null);

    private readonly decimal _factor;
    private readonly Price? _own;
    private readonly ExchangeRate? _ownRate;

    private Billing(decimal factor, Price? own, ExchangeRate? ownRate) => (_factor, _own, _ownRate) = (factor, own, ownRate);

    /// <summary>What a cost is multiplied with after conversion; 1 at cost and beside an own price.</summary>
    public decimal Factor => _factor;

    /// <summary>Whether the tenant pays by a price of its own.</summary>
    public bool HasOwnPrice => _own is not null;

    /// <summary>Checks and compiles terms.</summary>
    /// <exception cref="InvalidPriceException">A member is missing or wrong.</exception>
    public static Billing Parse(BillingTerms? terms)
    {
        if (terms is null) return AtCost;
        if (terms.Price is null == (terms.MarginPercent.Length == 0)) throw new InvalidPriceException("billing", "has not exactly one of margin_percent and price");
        if (terms.Price is null) return new Billing(FactorOf(terms.MarginPercent), null, null);
        if (terms.Price.Billing is not null) throw new InvalidPriceException("billing.price.billing", "stands inside terms");
        try
        {
            return new Billing(1m, Price.Parse(terms.Price), terms.Rate);
        }
        catch (InvalidPriceException invalid)
        {
            throw new InvalidPriceException($"billing.price.{invalid.Member}", invalid.Reason);
        }
    }

    /// <summary>What the tenant pays.</summary>
    /// <param name="cost">What the provider charges.</param>
    /// <param name="rate">From the provider's currency to the tenant's.</param>
    /// <param name="atOwnPrice">What the same use costs at the tenant's own price; asked only where there is one.</param>
    /// <exception cref="InvalidOperationException">A rate is missing or for other currencies.</exception>
    internal Money Bill(Money cost, ExchangeRate rate, Func<Price, Money> atOwnPrice)
    {
        if (_own is null) return Convert(cost, rate, _factor);
        var ownRate = _ownRate ?? throw new InvalidOperationException("An own price needs a rate to the tenant's currency.");
        if (ownRate.ToCurrency != rate.ToCurrency) throw new InvalidOperationException($"The rates lead to {ownRate.ToCurrency} and {rate.ToCurrency}.");
        return Convert(atOwnPrice(_own), ownRate, 1m);
    }

    private static Money Convert(Money money, ExchangeRate rate, decimal factor)
    {
        if (!string.Equals(money.Currency, rate.FromCurrency, StringComparison.Ordinal))
            throw new InvalidOperationException($"A rate from {rate.FromCurrency} does not convert {money.Currency}.");
        var currency = CurrencyCode.Checked(rate.ToCurrency);
        var both = ExactDecimal.Multiply(ExchangeRates.RateOf(rate), factor);
        try
        {
            var exact = ExactDecimal.Multiply(money.Amount, both);
            if (exact.Scale <= Money.MostFractionDigits) return new Money(exact, currency);
        }
        catch (OverflowException)
        {
            // Held below, with as many digits as there are.
        }

        // More digits than the ledger holds: rounded up once, against the tenant, rather than lost.
        return new Money(ExactDecimal.Trim(decimal.Round(money.Amount * both, Money.MostFractionDigits, MidpointRounding.ToPositiveInfinity)), currency);
    }

    private static decimal FactorOf(string marginPercent)
    {
        try
        {
            var percent = ExactDecimal.Parse(marginPercent, MostMarginDigits);
            if (percent is > -100m and <= 10_000m) return ExactDecimal.Add(1m, ExactDecimal.Multiply(percent, 0.01m));
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            // Told below.
        }

        throw new InvalidPriceException("billing.margin_percent", "is not a decimal number above -100 and up to 10000 with at most 4 digits after the point");
    }
}
