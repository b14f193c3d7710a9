using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Tests.Hosting;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;

namespace Orchestration.Routing.Tests.Prices;

/// <summary>Over the wire and against a real PostgreSQL.</summary>
[Collection("routing database")]
public sealed class PriceServiceTests(BackingServices services) : IAsyncLifetime
{
    private const string Model = "openai/gpt-4.1";
    private (string Key, string Value)[] _settings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await services.EnsureAsync(BackingService.Postgres, Cancellation);
        await DropAsync();
        var server = new NpgsqlConnectionStringBuilder(services.AdminConnectionString);
        _settings =
        [
            ("ConnectionStrings:postgres", services.AdminConnectionString),
            ("Database:Endpoint", $"tcp://{server.Host}:{server.Port}"),
            ("Database:Password", "routing-test-password"),
        ];
        (await RoutingHost.MigrateAsync(_settings)).ShouldBe(0);
    }

    public async ValueTask DisposeAsync() => await DropAsync();

    [Fact]
    public async Task A_new_price_is_in_the_next_route_table_without_a_restart_and_survives_the_next_migration()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var prices = new PriceService.PriceServiceClient(host.Channel);
        using var watch = host.Watch();
        PriceOf(await NextTableAsync(watch)).Tiers[^1].Output.ShouldBe("8");
        var stored = (await prices.ListPricesAsync(new ListPricesRequest { Provider = "openai", Model = "gpt-4.1" }, Gateway())).Prices.ShouldHaveSingleItem();
        stored.Price.Tiers[^1].Output = "9";
        var request = new SetPriceRequest { Provider = "openai", Price = stored.Price, DryRun = true, Source = "invoice of November" };

        var tried = await prices.SetPriceAsync(request, Gateway());
        tried.Applied.ShouldBeFalse();
        tried.Differences.ShouldHaveSingleItem().Member.ShouldBe("tiers[2].output");
        var warning = tried.Warnings.ShouldHaveSingleItem();
        request.DryRun = false;
        (await prices.SetPriceAsync(request, Gateway())).Applied.ShouldBeFalse();
        request.Accept.Add(warning.Id);
        (await prices.SetPriceAsync(request, Gateway())).Applied.ShouldBeTrue();

        PriceOf(await NextTableAsync(watch)).Tiers[^1].Output.ShouldBe("9");
        (await RoutingHost.MigrateAsync(_settings)).ShouldBe(0);
        var history = (await prices.ListPricesAsync(new ListPricesRequest { Provider = "openai", Model = "gpt-4.1", History = true }, Gateway())).Prices;
        history.Select(p => (p.Version, p.Source, p.Latest)).ShouldBe([(1, "shipped", false), (2, "invoice of November", true)]);
    }

    [Fact]
    public async Task An_import_is_stored_as_a_whole_or_not_at_all_and_a_withdrawn_price_gives_way()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var prices = new PriceService.PriceServiceClient(host.Channel);
        const string Header = "provider,model,currency,region,effective_from,confidence,input,output\n";

        var refused = await prices.ImportPricesAsync(Csv(Header + "openai,gpt-4.1,USD,any,2027-01-01,high,1.9,7.9\nopenai,gpt-99,USD,any,2027-01-01,high,1,2"), Gateway());
        (refused.Applied, refused.Problems.ShouldHaveSingleItem().Path).ShouldBe((false, "line 3"));
        var done = await prices.ImportPricesAsync(Csv(Header + "openai,gpt-4.1,USD,any,2027-01-01,high,1.9,7.9"), Gateway());
        (done.Applied, done.Problems.Count, done.Warnings.Count).ShouldBe((true, 0, 0));
        (await StandingAsync(prices)).ShouldBe([("2", 1), ("1.9", 0)]);

        (await prices.WithdrawPriceAsync(new WithdrawPriceRequest { Name = $"{Model}:USD:any@2027-01-01", Source = "mistake" }, Gateway())).Applied.ShouldBeTrue();
        (await StandingAsync(prices)).ShouldBe([("2", 0)]);
        (await Should.ThrowAsync<RpcException>(() => prices.WithdrawPriceAsync(new WithdrawPriceRequest { Name = "nothing", Source = "x" }, Gateway()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Rates_and_terms_reach_the_gateways_and_keep_their_history()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var prices = new PriceService.PriceServiceClient(host.Channel);
        using var watch = host.Watch();
        await NextTableAsync(watch);

        var rate = new SetExchangeRatesRequest { Source = "bank" };
        rate.Rates.Add(new ExchangeRate { FromCurrency = "USD", ToCurrency = "CNY", Rate = "7.1", AsOf = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddMinutes(-1)) });
        (await prices.SetExchangeRatesAsync(rate, Gateway())).Applied.ShouldBeTrue();
        (await NextTableAsync(watch)).Rates.ShouldContain(r => r.FromCurrency == "USD" && r.Rate == "7.1");
        (await prices.ListExchangeRatesAsync(new ListExchangeRatesRequest(), Gateway())).Rates.Select(r => r.Source).ShouldBe(["policy", "bank"]);

        var terms = new SetTenantTermsRequest { Source = "contract", Terms = new TenantTerms { TenantId = "acme", Provider = "openai", Billing = new BillingTerms { MarginPercent = "15" } } };
        (await prices.SetTenantTermsAsync(terms, Gateway())).Applied.ShouldBeTrue();
        var table = await NextTableAsync(watch);
        var held = table.TenantTerms.ShouldHaveSingleItem();
        (held.TenantId, held.Billing.MarginPercent).ShouldBe(("acme", "15"));

        var listed = (await prices.ListTenantTermsAsync(new ListTenantTermsRequest { TenantId = "acme" }, Gateway())).Terms.ShouldHaveSingleItem();
        (await prices.SetTenantTermsAsync(new SetTenantTermsRequest { Source = "contract", Terms = terms.Terms, EffectiveFrom = listed.EffectiveFrom, Withdraw = true }, Gateway())).Applied.ShouldBeTrue();
        (await NextTableAsync(watch)).TenantTerms.ShouldBeEmpty();
        (await prices.ListTenantTermsAsync(new ListTenantTermsRequest { History = true }, Gateway())).Terms.Select(t => (t.Withdrawn, t.Latest)).ShouldBe([(false, false), (true, true)]);
    }

    [Fact]
    public async Task Terms_that_others_ended_hold_again_when_those_are_withdrawn()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var prices = new PriceService.PriceServiceClient(host.Channel);
        SetTenantTermsRequest Terms(string margin) => new()
        {
            Source = "contract",
            Terms = new TenantTerms { TenantId = "acme", Provider = "openai", Billing = new BillingTerms { MarginPercent = margin } },
        };
        (await prices.SetTenantTermsAsync(Terms("20"), Gateway())).Applied.ShouldBeTrue();
        var mistake = Terms("25");
        mistake.EffectiveFrom = Timestamp.FromDateTimeOffset(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        (await prices.SetTenantTermsAsync(mistake, Gateway())).Applied.ShouldBeTrue();
        (await prices.ListTenantTermsAsync(new ListTenantTermsRequest { TenantId = "acme" }, Gateway())).Terms.Count(terms => terms.EffectiveTo is not null).ShouldBe(1);

        mistake.Withdraw = true;
        (await prices.SetTenantTermsAsync(mistake, Gateway())).Applied.ShouldBeTrue();

        var left = (await prices.ListTenantTermsAsync(new ListTenantTermsRequest { TenantId = "acme" }, Gateway())).Terms.ShouldHaveSingleItem();
        (left.Terms.Billing.MarginPercent, left.EffectiveTo).ShouldBe(("20", null));
    }

    [Fact]
    public async Task Only_the_gateway_may_ask()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var prices = new PriceService.PriceServiceClient(host.Channel);

        (await Should.ThrowAsync<RpcException>(() => prices.ListPricesAsync(new ListPricesRequest(), host.Options()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        await NextTableAsync(host.Watch());
        (await prices.ListUnpricedAsync(new ListUnpricedRequest(), Gateway())).Unpriced.ShouldContain(u => u.Model == "glm-5.3");
    }

    [Fact]
    public async Task Without_a_database_prices_cannot_be_changed()
    {
        await using var host = await RoutingHost.StartAsync();
        var prices = new PriceService.PriceServiceClient(host.Channel);

        (await Should.ThrowAsync<RpcException>(() => prices.ListPricesAsync(new ListPricesRequest(), Gateway()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    private static async Task<IEnumerable<(string, int)>> StandingAsync(PriceService.PriceServiceClient prices) =>
        (await prices.ListPricesAsync(new ListPricesRequest { Provider = "openai", Model = "gpt-4.1" }, Gateway())).Prices.Select(p => (p.Price.Tiers[^1].Input, p.Price.EffectiveTo is null ? 0 : 1));

    private static ImportPricesRequest Csv(string content) => new() { Format = PriceFormat.Csv, Content = content, Source = "list of December" };

    private static PriceRecord PriceOf(RouteTable table) => table.Deployments[table.Routes[Model].Chain[0]].Price;

    private static CallOptions Gateway()
    {
        var identity = Options.Create(new ServiceIdentityOptions { SigningKey = RoutingHost.SigningKey });
        return new InternalCalls(new ServiceTokens(identity, new ServiceInfo("gateway", "0"), TimeProvider.System), TimeProvider.System).For("", "admin", TimeSpan.FromSeconds(20), Cancellation);
    }

    private async Task DropAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(services.AdminConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var command = dataSource.CreateCommand("DROP DATABASE IF EXISTS routing WITH (FORCE)");
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task<RouteTable> NextTableAsync(AsyncServerStreamingCall<RouteTableUpdate> watch)
    {
        (await watch.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        return watch.ResponseStream.Current.Table.ShouldNotBeNull();
    }
}
