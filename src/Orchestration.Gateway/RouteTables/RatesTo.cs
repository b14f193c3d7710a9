using System.Globalization;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Gateway.RouteTables;

/// <summary>The rates of one table that lead to a currency. A table knows a handful of currencies: comparing them is faster than hashing.</summary>
internal sealed class RatesTo
{
    private readonly (string From, ExchangeRate Rate, double Factor)[] _rates;

    /// <param name="currency">The currency that they lead to; from itself the rate is 1.</param>
    /// <param name="rates">All rates of the table, at most one for a pair.</param>
    /// <param name="asOf">Date of the rate of 1.</param>
    public RatesTo(string currency, IEnumerable<ExchangeRate> rates, Google.Protobuf.WellKnownTypes.Timestamp? asOf)
    {
        var same = new ExchangeRate { FromCurrency = currency, ToCurrency = currency, Rate = "1", AsOf = asOf };
        _rates = [(currency, same, 1), .. rates.Where(rate => rate.ToCurrency == currency && rate.FromCurrency != currency).Select(rate => (rate.FromCurrency, rate, FactorOf(rate)))];
    }

    /// <summary>The rate from a currency; null when none is known.</summary>
    public ExchangeRate? Find(string from)
    {
        foreach (ref readonly var entry in _rates.AsSpan())
        {
            if (string.Equals(entry.From, from, StringComparison.Ordinal))
                return entry.Rate;
        }

        return null;
    }

    /// <summary>The rate as a plain number, to compare amounts by; null when none is known.</summary>
    public double? Factor(string from)
    {
        foreach (ref readonly var entry in _rates.AsSpan())
        {
            if (string.Equals(entry.From, from, StringComparison.Ordinal))
                return entry.Factor;
        }

        return null;
    }

    // A rate that cannot be read is told by whoever calculates with it.
    private static double FactorOf(ExchangeRate rate) => double.TryParse(rate.Rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) ? factor : double.NaN;
}
