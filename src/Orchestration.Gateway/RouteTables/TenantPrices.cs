using System.Collections.Concurrent;
using System.Collections.Frozen;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.RouteTables;

/// <summary>Deployments as a tenant pays for them, by the terms of one route table.</summary>
internal sealed class TenantPrices
{
    private const string EveryTenant = "*";
    private readonly FrozenDictionary<string, TenantTerms[]> _terms;
    private readonly Func<string, string, ExchangeRate?> _findRate;
    private readonly ConcurrentDictionary<(string Deployment, string Terms, string Currency), CompiledDeployment> _made = new();

    public TenantPrices(IEnumerable<TenantTerms> terms, Func<string, string, ExchangeRate?> findRate)
    {
        _terms = terms.Where(t => t.Billing is not null).GroupBy(t => t.TenantId, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        _findRate = findRate;
    }

    /// <summary>The deployment with the tenant's terms in its price; as it is when no terms fit. Without a price when the terms cannot be calculated with.</summary>
    public CompiledDeployment For(string tenant, string currency, CompiledDeployment compiled)
    {
        if (_terms.Count == 0 || compiled.Price is null) return compiled;
        if ((Find(tenant, compiled.Deployment) ?? Find(EveryTenant, compiled.Deployment)) is not { } billing) return compiled;
        return _made.GetOrAdd((compiled.Deployment.Id, billing.TermsId, currency), static (key, made) => made.Self.Make(made.Compiled, made.Billing, key.Currency), (Self: this, Compiled: compiled, Billing: billing));
    }

    private BillingTerms? Find(string tenant, Deployment deployment) =>
        _terms.TryGetValue(tenant, out var terms) ? Array.Find(terms, t => Fits(t, deployment))?.Billing : null;

    private CompiledDeployment Make(CompiledDeployment compiled, BillingTerms billing, string currency)
    {
        var pinned = billing.Clone();
        if (pinned.Price is { } own)
        {
            if (_findRate(own.Currency, currency) is not { } rate) return new CompiledDeployment(compiled.Deployment, null);
            pinned.Rate = rate;
        }

        // The deployment of the table is shared by all tenants.
        var deployment = compiled.Deployment.Clone();
        deployment.Price.Billing = pinned;
        return CompiledDeployment.Compile(deployment);
    }

    private static bool Fits(TenantTerms terms, Deployment deployment) =>
        (terms.Provider.Length == 0 || string.Equals(terms.Provider, deployment.Provider, StringComparison.Ordinal))
        && (terms.Model.Length == 0 || string.Equals(terms.Model, deployment.Model, StringComparison.Ordinal));
}
