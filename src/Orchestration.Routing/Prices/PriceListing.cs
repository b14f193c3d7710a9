using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Data;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Prices;

/// <summary>What is stored, and was.</summary>
internal sealed class PriceListing(IDbContextFactory<RoutingDbContext> contexts)
{
    private const string PolicySource = "policy";

    public async Task<ListPricesResponse> PricesAsync(ListPricesRequest request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Prices.AsNoTracking()
            .Where(p => (request.Provider.Length == 0 || p.Provider == request.Provider) && (request.Model.Length == 0 || p.ModelId == request.Model))
            .ToListAsync(cancellationToken);
        var latest = rows.GroupBy(p => p.Name).Select(g => g.Max(p => p.Sequence)).ToHashSet();
        var at = request.At?.ToDateTimeOffset();
        return new ListPricesResponse
        {
            Prices =
            {
                rows.Where(p => request.History || (latest.Contains(p.Sequence) && !p.Withdrawn))
                    .Where(p => at is null || ((p.EffectiveFrom is null || p.EffectiveFrom <= at) && (p.EffectiveTo is null || at < p.EffectiveTo)))
                    .OrderBy(p => p.Provider, StringComparer.Ordinal).ThenBy(p => p.ModelId, StringComparer.Ordinal)
                    .ThenBy(p => p.Currency, StringComparer.Ordinal).ThenBy(p => p.Region, StringComparer.Ordinal)
                    .ThenBy(p => p.EffectiveFrom ?? DateTimeOffset.MinValue).ThenBy(p => p.Version)
                    .Select(p => ToWire(p, latest.Contains(p.Sequence))),
            },
        };
    }

    public async Task<ListExchangeRatesResponse> RatesAsync(bool history, IReadOnlyList<PolicyRate> policyRates, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.ExchangeRates.AsNoTracking().ToListAsync(cancellationToken);
        var all = rows.OrderByDescending(r => r.AsOf).ThenByDescending(r => r.Sequence)
            .Select(r => new StoredExchangeRate { Rate = ToWire(r.FromCurrency, r.ToCurrency, r.Rate, r.AsOf), Source = r.Source, CreatedAt = Timestamp.FromDateTimeOffset(r.CreatedAt) })
            .Concat(policyRates.Select(r => new StoredExchangeRate { Rate = ToWire(r.From, r.To, r.Rate, r.AsOf), Source = PolicySource }));
        if (!history) all = all.Where(r => r.Rate.AsOf.ToDateTimeOffset() <= now || r.Source == PolicySource).DistinctBy(r => (r.Rate.FromCurrency, r.Rate.ToCurrency));
        return new ListExchangeRatesResponse { Rates = { all.OrderBy(r => r.Rate.FromCurrency, StringComparer.Ordinal).ThenBy(r => r.Rate.ToCurrency, StringComparer.Ordinal) } };
    }

    public async Task<ListTenantTermsResponse> TermsAsync(ListTenantTermsRequest request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.TenantTerms.AsNoTracking().Where(t => request.TenantId.Length == 0 || t.TenantId == request.TenantId).ToListAsync(cancellationToken);
        var latest = rows.GroupBy(t => t.Name).Select(g => g.Max(t => t.Sequence)).ToHashSet();
        return new ListTenantTermsResponse
        {
            Terms =
            {
                rows.Where(t => request.History || (latest.Contains(t.Sequence) && !t.Withdrawn))
                    .OrderBy(t => t.Name, StringComparer.Ordinal).ThenBy(t => t.Version)
                    .Select(t => ToWire(t, latest.Contains(t.Sequence))),
            },
        };
    }

    private static StoredPrice ToWire(PriceRow row, bool latest) => new()
    {
        Name = row.Name,
        Version = row.Version,
        Provider = row.Provider,
        Price = PriceRecords.From(new CatalogueModel { Provider = row.Provider, Id = row.ModelId, Mode = "", Status = "", Prices = [] }, CatalogueRowMapping.ToPrice(row)),
        InputLimit = row.InputLimit ?? 0,
        Source = row.Source,
        CreatedAt = Timestamp.FromDateTimeOffset(row.CreatedAt),
        Withdrawn = row.Withdrawn,
        Latest = latest,
    };

    private static StoredTenantTerms ToWire(TenantTermsRow row, bool latest)
    {
        var terms = TermsJson.Read(row);
        return new StoredTenantTerms
        {
            Terms = terms.ToWire(),
            EffectiveFrom = terms.EffectiveFrom is { } from ? Timestamp.FromDateTimeOffset(from) : null,
            EffectiveTo = terms.EffectiveTo is { } to ? Timestamp.FromDateTimeOffset(to) : null,
            Source = row.Source,
            CreatedAt = Timestamp.FromDateTimeOffset(row.CreatedAt),
            Latest = latest,
            Withdrawn = row.Withdrawn,
        };
    }

    private static ExchangeRate ToWire(string from, string to, string rate, DateTimeOffset asOf) =>
        new() { FromCurrency = from, ToCurrency = to, Rate = rate, AsOf = Timestamp.FromDateTimeOffset(asOf) };
}
