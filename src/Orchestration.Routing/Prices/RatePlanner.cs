using System.Globalization;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Routing.Prices;

/// <summary>Works out what proposed exchange rates change.</summary>
internal sealed class RatePlanner(CommercialTerms stored, IReadOnlyList<PolicyRate> policyRates, ModelCatalogue catalogue)
{
    // The yuan has not moved by five percent in a day for decades.
    private const decimal MostJump = 0.05m;
    private const decimal MostAsymmetry = 0.03m;
    private readonly PriceChangeReport _report = new();

    public PlannedChange<ExchangeRateRow> Plan(IReadOnlyList<ExchangeRate> proposals, IReadOnlyCollection<string> accept, string source, DateTimeOffset now)
    {
        var rates = new List<DatedRate>();
        for (var i = 0; i < proposals.Count; i++)
            if (Read(proposals[i], $"rates[{i}]", now) is { } rate) rates.Add(rate);
        if (proposals.Count == 0) Problem("rates", "There are none.");
        foreach (var twice in rates.GroupBy(r => r.Name).Where(g => g.Count() > 1)) Problem("rates", $"{twice.Key} stands twice.");
        if (_report.Problems.Count > 0) return new PlannedChange<ExchangeRateRow>([], _report);

        var rows = new List<ExchangeRateRow>();
        var after = stored with { Rates = [.. stored.Rates.ExceptBy(rates.Select(r => r.Name), r => r.Name), .. rates] };
        foreach (var rate in rates)
        {
            var same = stored.Rates.FirstOrDefault(r => r.Name == rate.Name);
            if (same == rate)
            {
                _report.Unchanged++;
                continue;
            }

            _report.Differences.Add(new PriceDifference { Name = rate.Name, Kind = same is null ? "added" : "corrected", Member = "rate", Before = same?.Rate ?? "", After = rate.Rate });
            foreach (var (code, message) in Warnings(rate, after))
                _report.Warnings.Add(new PriceWarning { Id = $"{code}:{rate.Name}", Message = message, Accepted = accept.Contains($"{code}:{rate.Name}") });
            rows.Add(new ExchangeRateRow { FromCurrency = rate.From, ToCurrency = rate.To, Rate = rate.Rate, AsOf = rate.AsOf, Source = source, CreatedAt = now });
        }

        return new PlannedChange<ExchangeRateRow>(rows, _report);
    }

    private DatedRate? Read(ExchangeRate proposed, string path, DateTimeOffset now)
    {
        if (proposed.AsOf is null) Problem($"{path}.as_of", "It is missing.");
        else if (proposed.AsOf.ToDateTimeOffset() > now.AddDays(366)) Problem($"{path}.as_of", "It lies more than a year ahead.");
        if (!CurrencyCode.IsValid(proposed.FromCurrency)) Problem($"{path}.from_currency", "It is not a three-letter ISO 4217 code.");
        if (!CurrencyCode.IsValid(proposed.ToCurrency)) Problem($"{path}.to_currency", "It is not a three-letter ISO 4217 code.");
        if (proposed.FromCurrency == proposed.ToCurrency) Problem(path, "It is between one currency and itself.");
        if (_report.Problems.Any(p => p.Path.StartsWith(path, StringComparison.Ordinal))) return null;
        try
        {
            var digits = ExchangeRates.RateOf(proposed).Scale;
            var most = Money.MostFractionDigits - 6 - catalogue.MostPriceDigits(proposed.FromCurrency);
            if (digits > most) Problem($"{path}.rate", string.Create(CultureInfo.InvariantCulture, $"It has {digits} digits after the point; with the prices in {proposed.FromCurrency} at most {most} stay exact."));
            return new DatedRate(proposed.FromCurrency, proposed.ToCurrency, proposed.Rate, proposed.AsOf!.ToDateTimeOffset());
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            Problem($"{path}.rate", "It is not a decimal number above zero with at most six digits after the point.");
            return null;
        }
    }

    private IEnumerable<(string Code, string Message)> Warnings(DatedRate rate, CommercialTerms after)
    {
        var value = Number(rate.Rate);
        var before = stored.RatesAt(rate.AsOf, policyRates).FirstOrDefault(r => r.FromCurrency == rate.From && r.ToCurrency == rate.To);
        if (before is not null && Number(before.Rate) is var old && Math.Abs(value - old) > old * MostJump)
            yield return ("rate_jump", $"{rate.From} to {rate.To} goes from {before.Rate} to {rate.Rate}: more than {MostJump:P0}.");
        var inverse = after.RatesAt(rate.AsOf, policyRates).FirstOrDefault(r => r.FromCurrency == rate.To && r.ToCurrency == rate.From);
        if (inverse is not null && Math.Abs(value * Number(inverse.Rate) - 1m) > MostAsymmetry)
            yield return ("rate_not_inverse", $"{rate.From} to {rate.To} at {rate.Rate} and back at {inverse.Rate} do not meet: there and back makes {decimal.Round(value * Number(inverse.Rate), 4, MidpointRounding.ToEven)}.");
    }

    private static decimal Number(string rate) => Money.Parse(rate, "USD").Amount;

    private void Problem(string path, string message) => _report.Problems.Add(new PriceProblem { Path = path, Message = message });
}
