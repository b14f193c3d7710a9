using System.Data;
using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Data;
using Orchestration.Routing.Policy;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Routing.Prices;

/// <summary>Changes prices, rates and terms: plans on what is stored, under a lock, and adds the rows when nothing speaks against it.</summary>
internal sealed class PriceBook(IDbContextFactory<RoutingDbContext> contexts, TimeProvider timeProvider)
{
    private static readonly IReadOnlyList<PriceAnchor> Anchors = PriceAnchor.ReadShipped();

    public Task<PriceChangeReport> SetPricesAsync(IReadOnlyList<ProposedPrice> prices, PriceChangeOptions options, CancellationToken cancellationToken) =>
        ChangeAsync(options, held => Planner(held).Plan(prices, options.Accept, options.Source, timeProvider.GetUtcNow()), cancellationToken);

    /// <summary>Null when there is no such price.</summary>
    public async Task<PriceChangeReport?> WithdrawAsync(string name, PriceChangeOptions options, CancellationToken cancellationToken)
    {
        var isKnown = true;
        var report = await ChangeAsync(
            options,
            held =>
            {
                var found = held.Catalogue.Models.SelectMany(m => m.Prices.Select(p => new ModelPrice(m, p))).FirstOrDefault(p => p.Name == name);
                isKnown = found is not null;
                return found is null ? new PlannedChange<PriceRow>([], new PriceChangeReport()) : Planner(held).Withdraw(found, options.Source, timeProvider.GetUtcNow());
            },
            cancellationToken);
        return isKnown ? report : null;
    }

    public Task<PriceChangeReport> SetRatesAsync(IReadOnlyList<ExchangeRate> rates, PriceChangeOptions options, CancellationToken cancellationToken) =>
        ChangeAsync(options, held => new RatePlanner(held.Terms, held.Policy.Rates, held.Catalogue).Plan(rates, options.Accept, options.Source, timeProvider.GetUtcNow()), cancellationToken);

    public Task<PriceChangeReport> SetTermsAsync(SetTenantTermsRequest request, PriceChangeOptions options, CancellationToken cancellationToken) =>
        ChangeAsync(options, held => new TermsPlanner(held.Terms, held.TermsVersions, held.Catalogue, Dollars(held)).Plan(request, timeProvider.GetUtcNow()), cancellationToken);

    private async Task<PriceChangeReport> ChangeAsync<TRow>(PriceChangeOptions options, Func<HeldBook, PlannedChange<TRow>> plan, CancellationToken cancellationToken)
        where TRow : class
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        // Two changes at once would each be checked without the other.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('price_book'))", cancellationToken);
        var planned = plan(await HeldBook.ReadAsync(db, cancellationToken));
        if (options.DryRun || !planned.MayApply) return planned.Report;
        db.Set<TRow>().AddRange(planned.Rows);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        planned.Report.Applied = true;
        return planned.Report;
    }

    private PricePlanner Planner(HeldBook held) =>
        new(held.Catalogue, held.PriceVersions, new PlausibilityChecks(Dollars(held), Anchors), after => ProblemOf(held, after));

    private static string? ProblemOf(HeldBook held, ModelCatalogue after)
    {
        try
        {
            held.PolicyTexts.Checked(after);
            return null;
        }
        catch (InvalidPolicyException invalid)
        {
            return $"The policy in force could not stand beside it: {invalid.Message}";
        }
    }

    private Dictionary<string, decimal> Dollars(HeldBook held) =>
        held.Terms.RatesAt(timeProvider.GetUtcNow(), held.Policy.Rates).Where(r => r.ToCurrency == "USD")
            .ToDictionary(r => r.FromCurrency, r => Money.Parse(r.Rate, "USD").Amount).Append(KeyValuePair.Create("USD", 1m)).ToDictionary();
}

/// <summary>How a change is made.</summary>
internal sealed record PriceChangeOptions(bool DryRun, IReadOnlyCollection<string> Accept, string Source);
