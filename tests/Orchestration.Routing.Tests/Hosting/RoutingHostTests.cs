using Grpc.Core;
using Orchestration.Contracts.Routing.V1;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Routing.Tests.Hosting;

public sealed class RoutingHostTests
{
    [Fact]
    public async Task Without_a_database_the_shipped_table_is_served_and_readiness_says_degraded()
    {
        await using var host = await RoutingHost.StartAsync();

        var table = await NextTableAsync(host.Watch());

        table.PolicyVersion.ShouldBe("shipped");
        table.Routes.ShouldContainKey("auto");
        var (status, reason) = await host.HealthAsync("route-table");
        status.ShouldBe("Degraded");
        reason.ShouldContain("database");
    }

    [Fact]
    public async Task A_new_credential_pushes_a_table_with_the_real_deployment_and_its_loss_the_simulated_one()
    {
        await using var providers = await ScriptedProviders.StartAsync();
        providers.Say(("deepseek", "", false), ("moonshot", "cn", true));
        await using var host = await RoutingHost.StartAsync(("services:providers:grpc:0", providers.Address), ("Routing:VendorWait", "00:00:30"));
        using var watch = host.Watch();

        var first = await NextTableAsync(watch);
        IsSimulated(first, "moonshot/kimi-k3").ShouldBeFalse();
        IsSimulated(first, "deepseek/deepseek-flash").ShouldBeTrue();

        providers.Say(("deepseek", "", true));
        var second = await NextTableAsync(watch);
        IsSimulated(second, "deepseek/deepseek-flash").ShouldBeFalse();
        IsSimulated(second, "moonshot/kimi-k3").ShouldBeFalse();
        second.Version.ShouldNotBe(first.Version);

        providers.Say(("moonshot", "cn", false));
        IsSimulated(await NextTableAsync(watch), "moonshot/kimi-k3").ShouldBeTrue();
    }

    [Fact]
    public async Task Production_refuses_to_start_with_simulated_models_as_default()
    {
        await using var providers = await ScriptedProviders.StartAsync();
        providers.Say(("deepseek", "", false));

        var refused = await Should.ThrowAsync<InvalidOperationException>(() => RoutingHost.StartAsync(
            ("services:providers:grpc:0", providers.Address), ("Routing:VendorWait", "00:00:30"), ("Routing:Production", "true")));

        refused.Message.ShouldContain("Routing:Production");
        refused.Message.ShouldContain("'auto'");
    }

    [Fact]
    public async Task Production_starts_with_a_real_vendor_and_makes_nothing_simulated()
    {
        await using var providers = await ScriptedProviders.StartAsync();
        providers.Say(("deepseek", "", true));
        await using var host = await RoutingHost.StartAsync(
            ("services:providers:grpc:0", providers.Address), ("Routing:VendorWait", "00:00:30"), ("Routing:Production", "true"));

        (await NextTableAsync(host.Watch())).Deployments.Values.ShouldAllBe(d => !d.Simulated);
    }

    [Fact]
    public async Task Production_that_cannot_ask_Providers_starts_and_makes_nothing_simulated()
    {
        await using var host = await RoutingHost.StartAsync(("Routing:Production", "true"));

        (await NextTableAsync(host.Watch())).Deployments.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gateway_that_has_the_current_table_hears_at_once_that_it_is_connected()
    {
        await using var host = await RoutingHost.StartAsync();
        var table = await NextTableAsync(host.Watch());

        using var again = host.Watch(table.Version);

        await again.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stopping_service_ends_the_streams_of_its_gateways()
    {
        var host = await RoutingHost.StartAsync();
        using var watch = host.Watch();
        await NextTableAsync(watch);

        await host.StopAsync();

        (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeFalse();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_call_without_an_identity_is_refused()
    {
        await using var host = await RoutingHost.StartAsync();

        var refused = await Should.ThrowAsync<RpcException>(() =>
            host.Client.ClassifyAsync(new ClassifyRequest(), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);

        refused.StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Classify_takes_eight_kibibytes_and_no_more()
    {
        await using var host = await RoutingHost.StartAsync();

        (await host.Client.ClassifyAsync(new ClassifyRequest { Text = new string('x', 8192) }, host.Options())).Classifier.ShouldBe("keywords-1");
        var refused = await Should.ThrowAsync<RpcException>(() => host.Client.ClassifyAsync(new ClassifyRequest { Text = new string('好', 2731) }, host.Options()).ResponseAsync);

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.GetFailure().Code.ShouldBe("text_too_long");
    }

    [Fact]
    public async Task Catalogue_answers_over_the_wire()
    {
        await using var host = await RoutingHost.StartAsync();
        await NextTableAsync(host.Watch());

        var all = await host.Client.ListCatalogueAsync(new ListCatalogueRequest(), host.Options());
        all.Entries.Count.ShouldBe(119);
        var zhipu = await host.Client.ListCatalogueAsync(new ListCatalogueRequest { Provider = "zhipu" }, host.Options());
        zhipu.Entries.ShouldAllBe(e => e.Provider == "zhipu");
        zhipu.Entries.Single(e => e.Id == "glm-5.3").Problem.Code.ShouldBe("price_unknown");
        zhipu.Entries.Single(e => e.Id == "glm-4.6").Prices.Select(p => p.Currency).ShouldBe(["USD", "CNY"]);
    }

    private static bool IsSimulated(RouteTable table, string route) => table.Deployments[table.Routes[route].Chain[0]].Simulated;

    private static async Task<RouteTable> NextTableAsync(AsyncServerStreamingCall<RouteTableUpdate> watch)
    {
        (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        return watch.ResponseStream.Current.Table.ShouldNotBeNull();
    }
}
