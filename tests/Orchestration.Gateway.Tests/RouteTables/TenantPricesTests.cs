using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.RouteTables;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.RouteTables;

/// <summary>What a tenant pays where terms differ from the provider's price.</summary>
public sealed class TenantPricesTests
{
    private readonly RouteTable _table = TestTable.Create();

    [Fact]
    public void Tenant_without_terms_pays_the_price_of_the_table()
    {
        Add("acme", "12.5");

        var strong = Find("d-strong");
        Snapshot().TenantPrices.For("globex", "USD", strong).ShouldBeSameAs(strong);
    }

    [Fact]
    public void Margin_is_the_tenants_alone_and_changes_no_shared_deployment()
    {
        Add("acme", "12.5");
        var snapshot = Snapshot();
        var shared = Find("d-strong");

        var own = snapshot.TenantPrices.For("acme", "USD", shared);

        own.Deployment.Price.Billing.MarginPercent.ShouldBe("12.5");
        own.Price.ShouldNotBeNull();
        shared.Deployment.Price.Billing.ShouldBeNull();
        snapshot.TenantPrices.For("acme", "USD", shared).ShouldBeSameAs(own);
    }

    [Fact]
    public void Terms_of_a_model_come_before_those_of_a_provider_and_of_everybody()
    {
        // In the order in which Routing sends them.
        Add("*", "1");
        Add("acme", "30", "test", "strong");
        Add("acme", "20", "test");
        Add("other", "40", "elsewhere");
        var snapshot = Snapshot();

        Margin(snapshot, "acme", "d-strong").ShouldBe("30");
        Margin(snapshot, "acme", "d-small").ShouldBe("20");
        Margin(snapshot, "globex", "d-small").ShouldBe("1");
        Margin(snapshot, "other", "d-small").ShouldBe("1");
    }

    [Fact]
    public void Own_price_is_pinned_with_the_rate_to_the_tenants_currency()
    {
        AddPrice("acme", "EUR");
        _table.Rates.Add(new ExchangeRate { FromCurrency = "EUR", ToCurrency = "USD", Rate = "1.25" });
        _table.Rates.Add(new ExchangeRate { FromCurrency = "EUR", ToCurrency = "CNY", Rate = "8" });
        var snapshot = Snapshot();

        snapshot.TenantPrices.For("acme", "USD", Find("d-strong")).Deployment.Price.Billing.Rate.Rate.ShouldBe("1.25");
        snapshot.TenantPrices.For("acme", "CNY", Find("d-strong")).Deployment.Price.Billing.Rate.Rate.ShouldBe("8");
        snapshot.TenantPrices.For("acme", "EUR", Find("d-strong")).Deployment.Price.Billing.Rate.Rate.ShouldBe("1");
    }

    [Fact]
    public void Own_price_without_a_rate_is_no_price()
    {
        AddPrice("acme", "EUR");

        Snapshot().TenantPrices.For("acme", "JPY", Find("d-strong")).Price.ShouldBeNull();
    }

    [Fact]
    public void Terms_make_no_price_where_the_provider_has_none()
    {
        AddPrice("acme", "USD");

        Snapshot().TenantPrices.For("acme", "USD", Find("d-unpriced")).Price.ShouldBeNull();
    }

    private RoutingSnapshot Snapshot() => new(_table);

    private CompiledDeployment Find(string id) => CompiledDeployment.Compile(_table.Deployments[id]);

    private string Margin(RoutingSnapshot snapshot, string tenant, string deployment) =>
        snapshot.TenantPrices.For(tenant, "USD", Find(deployment)).Deployment.Price.Billing.MarginPercent;

    private void Add(string tenant, string margin, string provider = "", string model = "") => _table.TenantTerms.Add(new TenantTerms
    {
        TenantId = tenant,
        Provider = provider,
        Model = model,
        Billing = new BillingTerms { TermsId = $"{tenant}:{provider}/{model}@2026-09-01", MarginPercent = margin },
    });

    private void AddPrice(string tenant, string currency) => _table.TenantTerms.Add(new TenantTerms
    {
        TenantId = tenant,
        Billing = new BillingTerms
        {
            TermsId = $"{tenant}:/@2026-09-01",
            Price = new PriceRecord { PriceId = "own", Currency = currency, Region = "any", Tiers = { new PriceTier { Input = "3", Output = "4" } } },
        },
    });
}
