using System.Data;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Prices;

namespace Orchestration.Routing.Data;

/// <summary>What the database holds: the active policy, the catalogue, the prices.</summary>
internal sealed class RoutingStore(IDbContextFactory<RoutingDbContext> contexts)
{
    /// <summary>A cheap mark that changes with every activation and every new row.</summary>
    public async Task<string> ReadMarkAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await ReadMarkAsync(db, cancellationToken);
    }

    /// <summary>Everything at one moment; null when no policy is active, which is a database that was never migrated to the end.</summary>
    public async Task<StoredState?> LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var moment = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var mark = await ReadMarkAsync(db, cancellationToken);
        var policy = await db.Policies.AsNoTracking().SingleOrDefaultAsync(p => p.Active, cancellationToken);
        var models = await db.Models.AsNoTracking().ToListAsync(cancellationToken);
        var prices = await db.Prices.AsNoTracking().ToListAsync(cancellationToken);
        var terms = await TermsAsync(db, cancellationToken);
        return policy is null
            ? null
            : new StoredState(mark, policy.Version.ToString(CultureInfo.InvariantCulture), policy.Texts(), FilesOf(models, prices)) { Terms = terms };
    }

    private static async Task<string> ReadMarkAsync(RoutingDbContext db, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<string>($"""
            SELECT concat_ws(':', (SELECT version FROM policies WHERE active), (SELECT max(sequence) FROM models), (SELECT max(sequence) FROM prices),
                (SELECT max(sequence) FROM exchange_rates), (SELECT max(sequence) FROM tenant_terms)) AS "Value"
            """).SingleAsync(cancellationToken);

    public static async Task<CommercialTerms> TermsAsync(RoutingDbContext db, CancellationToken cancellationToken)
    {
        var rates = await db.ExchangeRates.AsNoTracking().OrderBy(r => r.Sequence).ToListAsync(cancellationToken);
        var terms = await db.TenantTerms.AsNoTracking().ToListAsync(cancellationToken);
        return new CommercialTerms
        {
            Rates = [.. rates.Select(r => new DatedRate(r.FromCurrency, r.ToCurrency, r.Rate, r.AsOf)).GroupBy(r => r.Name).Select(g => g.Last())],
            Terms = [.. terms.GroupBy(t => t.Name).Select(g => g.MaxBy(t => t.Version)!).Where(t => !t.Withdrawn).OrderBy(t => t.Sequence).Select(TermsJson.Read)],
        };
    }

    public static List<CatalogueFile> FilesOf(List<ModelRow> models, List<PriceRow> prices)
    {
        var pricesByModel = prices.GroupBy(p => p.Name).Select(g => g.MaxBy(p => p.Version)!).Where(p => !p.Withdrawn).OrderBy(p => p.Sequence)
            .ToLookup(p => (p.Provider, p.ModelId), CatalogueRowMapping.ToPrice);
        var latest = models.GroupBy(m => (m.Provider, m.ModelId)).OrderBy(g => g.Min(m => m.Sequence)).Select(g => g.MaxBy(m => m.Version)!);
        return [.. latest.GroupBy(m => m.Provider).Select(provider => new CatalogueFile
        {
            Provider = provider.Key,
            Models = [.. provider.Select(m => CatalogueRowMapping.ToModel(m, pricesByModel[(m.Provider, m.ModelId)]))],
        })];
    }
}

/// <summary>What was read.</summary>
internal sealed record StoredState(string Mark, string PolicyVersion, PolicyTexts Policy, IReadOnlyList<CatalogueFile> Catalogue)
{
    public CommercialTerms Terms { get; init; } = CommercialTerms.None;
}
