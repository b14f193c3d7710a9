using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;
using Orchestration.Routing.Catalogue;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Routing.Prices;

/// <summary>Works out what proposed terms of a tenant change.</summary>
/// <param name="stored">What is stored.</param>
/// <param name="versions">Latest version of every name, withdrawn ones included.</param>
/// <param name="catalogue">Models with their prices.</param>
/// <param name="dollars">Rates by currency to US dollars.</param>
internal sealed class TermsPlanner(CommercialTerms stored, IReadOnlyDictionary<string, int> versions, ModelCatalogue catalogue, IReadOnlyDictionary<string, decimal> dollars)
{
    private const int LongestName = 128;
    private readonly PriceChangeReport _report = new();

    public PlannedChange<TenantTermsRow> Plan(SetTenantTermsRequest request, DateTimeOffset now)
    {
        if (Read(request, now) is not { } terms) return new PlannedChange<TenantTermsRow>([], _report);
        if (request.Withdraw) return Withdraw(terms, request.Source, now);

        var same = stored.Terms.FirstOrDefault(t => t.Name == terms.Name);
        var siblings = stored.Terms.Where(t => t.Subject == terms.Subject && t.Name != terms.Name).ToList();
        terms = terms with { EffectiveTo = terms.EffectiveTo ?? siblings.Where(s => s.EffectiveFrom > terms.EffectiveFrom).Min(s => s.EffectiveFrom) };
        if (same is not null && TermsJson.Write(same) == TermsJson.Write(terms))
        {
            _report.Unchanged = 1;
            return new PlannedChange<TenantTermsRow>([], _report);
        }

        _report.Differences.AddRange(PriceDifferences.Between(terms.Name, same is null ? "added" : "corrected", same is null ? new { } : Bare(same), Bare(terms)));
        var rows = new List<TenantTermsRow> { Row(terms, request.Source, now, withdrawn: false) };
        foreach (var before in siblings.Where(s => (s.EffectiveFrom ?? DateTimeOffset.MinValue) < terms.EffectiveFrom && (s.EffectiveTo is null || s.EffectiveTo > terms.EffectiveFrom)))
        {
            var ended = before with { EffectiveTo = terms.EffectiveFrom };
            _report.Differences.AddRange(PriceDifferences.Between(before.Name, "ended", Bare(before), Bare(ended)));
            rows.Add(Row(ended, request.Source, now, withdrawn: false));
        }

        if (siblings.Any(s => s.EffectiveFrom >= terms.EffectiveFrom && (terms.EffectiveTo is null || s.EffectiveFrom < terms.EffectiveTo)))
            Problem("effective_to", "Other terms of the same tenant and models begin before.");
        foreach (var (code, message) in Warnings(terms, now))
            _report.Warnings.Add(new PriceWarning { Id = $"{code}:{terms.Name}", Message = message, Accepted = request.Accept.Contains($"{code}:{terms.Name}") });
        return new PlannedChange<TenantTermsRow>(rows, _report);
    }

    private PlannedChange<TenantTermsRow> Withdraw(OwnTerms named, string source, DateTimeOffset now)
    {
        if (stored.Terms.FirstOrDefault(t => t.Name == named.Name) is not { } terms)
        {
            Problem("terms", $"There are no terms {named.Name}.");
            return new PlannedChange<TenantTermsRow>([], _report);
        }

        _report.Differences.Add(new PriceDifference { Name = terms.Name, Kind = "withdrawn" });
        List<TenantTermsRow> rows = [Row(terms, source, now, withdrawn: true)];
        if (terms.EffectiveFrom is { } from && stored.Terms.FirstOrDefault(t => t.Subject == terms.Subject && t.Name != terms.Name && t.EffectiveTo == from) is { } before)
        {
            // It was ended for these terms only; without them the tenant would be left with none.
            var reopened = before with { EffectiveTo = terms.EffectiveTo };
            _report.Differences.AddRange(PriceDifferences.Between(before.Name, "reopened", Bare(before), Bare(reopened)));
            rows.Add(Row(reopened, source, now, withdrawn: false));
        }

        return new PlannedChange<TenantTermsRow>(rows, _report);
    }

    private OwnTerms? Read(SetTenantTermsRequest request, DateTimeOffset now)
    {
        var wire = request.Terms ?? new TenantTerms();
        if (wire.TenantId.Length is 0 or > LongestName || wire.TenantId.Contains(':', StringComparison.Ordinal)) Problem("terms.tenant_id", "It has 1 to 128 characters and no colon.");
        if (wire.Model.Length > 0 && wire.Provider.Length == 0) Problem("terms.provider", "It is missing beside a model.");
        if (wire.Provider.Length > 0 && !catalogue.Models.Any(m => m.Provider == wire.Provider)) Problem("terms.provider", $"'{wire.Provider}' is not in the catalogue.");
        else if (wire.Model.Length > 0 && catalogue.Find($"{wire.Provider}/{wire.Model}") is null) Problem("terms.model", $"'{wire.Model}' is not in the catalogue.");
        var own = wire.Billing?.Price;
        if (own is not null && wire.Model.Length == 0) Problem("terms.model", "It is missing beside an own price.");
        var terms = new OwnTerms
        {
            TenantId = wire.TenantId,
            Provider = wire.Provider,
            Model = wire.Model,
            EffectiveFrom = request.EffectiveFrom?.ToDateTimeOffset() ?? Whole(now),
            EffectiveTo = request.EffectiveTo?.ToDateTimeOffset(),
            MarginPercent = wire.Billing is { MarginPercent.Length: > 0 } billing ? billing.MarginPercent : null,
            Price = own is null ? null : CataloguePrices.From(own, inputLimit: 0) with { Region = "any", EffectiveFrom = null, EffectiveTo = null },
        };
        if (terms.EffectiveTo <= terms.EffectiveFrom) Problem("effective_to", "It is not after effective_from.");
        if (!request.Withdraw)
        {
            CheckBilling(terms);
            CheckSearches(terms);
        }

        return _report.Problems.Count == 0 ? terms : null;
    }

    private void CheckBilling(OwnTerms terms)
    {
        try
        {
            Billing.Parse(terms.ToBilling());
        }
        catch (InvalidPriceException invalid)
        {
            Problem($"terms.{invalid.Member}", $"It {invalid.Reason}.");
        }
    }

    // Searches come beside tokens: without a rate of their own they would be given away.
    private void CheckSearches(OwnTerms terms)
    {
        if (terms.Price is not { } own || catalogue.Find($"{terms.Provider}/{terms.Model}") is not { } model) return;
        if (model.Prices.Any(p => p.Tiers.Any(SellsSearches)) && !own.Tiers.All(SellsSearches))
            Problem("terms.billing.price.tiers.per_search", "It is missing, and the provider charges for each search.");

        static bool SellsSearches(CatalogueTier tier) => tier.PerSearch is { Length: > 0 };
    }

    private IEnumerable<(string Code, string Message)> Warnings(OwnTerms terms, DateTimeOffset now)
    {
        if (terms.MarginPercent is { } text)
        {
            if (Number(text) < 0) yield return ("below_cost", $"A margin of {text} % bills less than the provider charges.");
            if (Number(text) > 200) yield return ("high_margin", $"A margin of {text} % is more than 200 %.");
            yield break;
        }

        if (terms.Price is not { Tiers.Count: > 0 } price || !dollars.TryGetValue(price.Currency, out var own) || catalogue.Find($"{terms.Provider}/{terms.Model}") is not { } model) yield break;
        var sold = PlausibilityChecks.BaseOf(price);
        foreach (var listed in model.Prices.Where(p => p.Tiers.Count > 0 && (p.EffectiveFrom is null || p.EffectiveFrom <= now) && (p.EffectiveTo is null || now < p.EffectiveTo)))
        {
            if (!dollars.TryGetValue(listed.Currency, out var foreign)) continue;
            var bought = PlausibilityChecks.BaseOf(listed);
            foreach (var (name, ours, theirs) in new[] { ("input", sold.Input, bought.Input), ("output", sold.Output, bought.Output) })
            {
                if (Number(ours) * own < Number(theirs) * foreign) yield return ("below_cost", $"{name} at {ours} {price.Currency} is less than the provider's {theirs} {listed.Currency} in region {listed.Region}.");
                if (Number(theirs) > 0 && Number(ours) * own > Number(theirs) * foreign * 5m) yield return ("factor_to_cost", $"{name} at {ours} {price.Currency} is more than five times the provider's {theirs} {listed.Currency} in region {listed.Region}.");
            }
        }
    }

    private TenantTermsRow Row(OwnTerms terms, string source, DateTimeOffset now, bool withdrawn) => new()
    {
        Name = terms.Name,
        Version = versions.GetValueOrDefault(terms.Name) + 1,
        TenantId = terms.TenantId,
        Document = TermsJson.Write(terms),
        Source = source,
        Withdrawn = withdrawn,
        CreatedAt = now,
    };

    private static object Bare(OwnTerms terms) => new { terms.MarginPercent, terms.Price, terms.EffectiveFrom, terms.EffectiveTo };

    private static DateTimeOffset Whole(DateTimeOffset now) => new(now.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    private static decimal Number(string rate) => Money.Parse(rate, "USD").Amount;

    private void Problem(string path, string message) => _report.Problems.Add(new PriceProblem { Path = path, Message = message });
}
