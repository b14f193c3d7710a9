using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Data;

/// <summary>Brings the catalogue and the policy of this build into the database: adds what is new or differs, changes nothing.</summary>
internal sealed class ShippedData(RoutingDbContext db, ModelCatalogue catalogue, string policyYaml, DateTimeOffset now)
{
    private const string Shipped = PriceRow.ShippedSource;

    /// <summary>Makes it part of every migration run, under its lock and role.</summary>
    /// <param name="npgsql">The options of the context.</param>
    /// <param name="policyFile">File with the operator's policy; empty for none.</param>
    /// <param name="timeProvider">The clock.</param>
    public static void SeedOnMigrate(NpgsqlDbContextOptionsBuilder npgsql, string policyFile, TimeProvider timeProvider) =>
        ((IRelationalDbContextOptionsBuilderInfrastructure)npgsql).OptionsBuilder.UseAsyncSeeding(async (context, _, cancellationToken) =>
        {
            var routing = (RoutingDbContext)context;
            var catalogue = CatalogueReader.ReadShipped();
            await new ShippedData(routing, catalogue, PolicyReader.ReadShippedText(), timeProvider.GetUtcNow()).SeedAsync(cancellationToken);
            if (policyFile.Length > 0) await new PolicyFile(routing, catalogue, timeProvider.GetUtcNow()).ActivateAsync(policyFile, cancellationToken);
        });

    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        var policy = PolicyValidation.Checked(policyYaml, catalogue);
        await AddModelsAsync(cancellationToken);
        await AddPricesAsync(cancellationToken);
        await AddPolicyAsync(policy.Label, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    private async Task AddModelsAsync(CancellationToken cancellationToken)
    {
        var latest = (await db.Models.AsNoTracking().ToListAsync(cancellationToken))
            .GroupBy(m => (m.Provider, m.ModelId)).ToDictionary(g => g.Key, g => g.MaxBy(m => m.Version)!);
        foreach (var model in catalogue.Models)
        {
            var stored = latest.GetValueOrDefault((model.Provider, model.Id));
            var row = CatalogueRowMapping.ToRow(model, (stored?.Version ?? 0) + 1, now);
            if (stored is null || CatalogueRowMapping.ContentOf(stored) != CatalogueRowMapping.ContentOf(row)) db.Models.Add(row);
        }
    }

    private async Task AddPricesAsync(CancellationToken cancellationToken)
    {
        var latest = (await db.Prices.AsNoTracking().ToListAsync(cancellationToken))
            .GroupBy(p => p.Name).ToDictionary(g => g.Key, g => g.MaxBy(p => p.Version)!);
        // Prices that somebody took in hand stay theirs: a shipped one beside them could even overlap.
        var theirs = latest.Values.Where(p => p.Source != Shipped).Select(p => (p.Provider, p.ModelId, p.Currency, p.Region)).ToHashSet();
        foreach (var model in catalogue.Models)
        {
            foreach (var price in model.Prices)
            {
                if (theirs.Contains((model.Provider, model.Id, price.Currency, price.Region))) continue;
                var stored = latest.GetValueOrDefault(PriceRecords.NameOf(model.Provider, model.Id, price));
                var row = CatalogueRowMapping.ToRow(model, price, (stored?.Version ?? 0) + 1, now);
                if (stored is null || CatalogueRowMapping.ContentOf(stored) != CatalogueRowMapping.ContentOf(row)) db.Prices.Add(row);
            }
        }
    }

    private async Task AddPolicyAsync(string label, CancellationToken cancellationToken)
    {
        var hash = new PolicyTexts(policyYaml).Hash();
        if (await db.Policies.AnyAsync(p => p.Hash == hash, cancellationToken)) return;

        // A policy that somebody wrote stays in force; a shipped one gives way to the next.
        var active = await db.Policies.SingleOrDefaultAsync(p => p.Active, cancellationToken);
        var takesOver = active is null || active.Source == Shipped;
        if (takesOver && active is not null)
        {
            active.Active = false;
            await db.SaveChangesAsync(cancellationToken);
        }

        db.Policies.Add(new PolicyRow { Yaml = policyYaml, Hash = hash, Label = label, Source = Shipped, Active = takesOver, CreatedAt = now });
    }
}
