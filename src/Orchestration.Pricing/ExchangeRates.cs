using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing;

/// <summary>Conversion between currencies at a pinned, dated rate.</summary>
public static class ExchangeRates
{
    /// <summary>Most digits after the point of a rate, so that a converted token price stays within the ledger's 15.</summary>
    public const int MostFractionDigits = 6;

    /// <summary>Converts exactly.</summary>
    /// <exception cref="InvalidOperationException">The rate is for another currency.</exception>
    /// <exception cref="FormatException">The rate is malformed or not above zero.</exception>
    /// <exception cref="OverflowException">The result has more than 15 digits after the point.</exception>
    public static Money Convert(Money money, ExchangeRate rate)
    {
        if (!string.Equals(money.Currency, rate.FromCurrency, StringComparison.Ordinal))
            throw new InvalidOperationException($"A rate from {rate.FromCurrency} does not convert {money.Currency}.");

        var converted = ExactDecimal.Multiply(money.Amount, RateOf(rate));
        if (converted.Scale > Money.MostFractionDigits) throw ExactDecimal.Inexact();
        return new Money(converted, CurrencyCode.Checked(rate.ToCurrency));
    }

    /// <summary>The rate as a number.</summary>
    /// <exception cref="FormatException">The rate is malformed, not above zero, or not 1 within one currency.</exception>
    public static decimal RateOf(ExchangeRate rate)
    {
        // Nearly all prices are in the tenant's own currency.
        if (rate.Rate == "1") return 1m;
        var value = ExactDecimal.Parse(rate.Rate, MostFractionDigits);
        if (value <= 0m) throw new FormatException("An exchange rate is greater than zero.");
        if (string.Equals(rate.FromCurrency, rate.ToCurrency, StringComparison.Ordinal) && value != 1m)
            throw new FormatException("The exchange rate within one currency is 1.");
        return value;
    }
}
