using Microsoft.EntityFrameworkCore;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Data;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Prices;

/// <summary>All that a change of prices is checked against, as it is stored at one moment.</summary>
internal sealed record HeldBook
{
    public required ModelCatalogue Catalogue { get; init; }
    public required CommercialTerms Terms { get; init; }
    public required PolicyTexts PolicyTexts { get; init; }
    public required PolicyDocument Policy { get; init; }
    public required IReadOnlyDictionary<string, int> PriceVersions { get; init; }
    public required IReadOnlyDictionary<string, int> TermsVersions { get; init; }

    public static async Task<HeldBook> ReadAsync(RoutingDbContext db, CancellationToken cancellationToken)
    {
        var policy = await db.Policies.AsNoTracking().SingleAsync(p => p.Active, cancellationToken);
        var models = await db.Models.AsNoTracking().ToListAsync(cancellationToken);
        var prices = await db.Prices.AsNoTracking().ToListAsync(cancellationToken);
        var catalogue = ModelCatalogue.From(RoutingStore.FilesOf(models, prices));
        return new HeldBook
        {
            Catalogue = catalogue,
            Terms = await RoutingStore.TermsAsync(db, cancellationToken),
            PolicyTexts = policy.Texts(),
            Policy = policy.Texts().Checked(catalogue),
            PriceVersions = prices.GroupBy(p => p.Name).ToDictionary(g => g.Key, g => g.Max(p => p.Version)),
            TermsVersions = await db.TenantTerms.GroupBy(t => t.Name).ToDictionaryAsync(g => g.Key, g => g.Max(t => t.Version), cancellationToken),
        };
    }
}
