using System.Net;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.RouteTables;

public sealed class StoredTableTests(GatewayFixture fixture)
{
    // Nothing listens on the discard port.
    private const string Nowhere = "http://127.0.0.1:9";

    [Fact]
    public async Task Gateway_that_starts_while_routing_is_dead_plans_by_the_stored_table()
    {
        var settings = fixture.SecondGateway();
        await using (await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken))
        {
            await Eventually.HoldsAsync(() => File.Exists(Path.Combine(settings.Folder, "data", "route-table.pb")), TestContext.Current.CancellationToken);
        }

        await using var restarted = await GatewayHost.StartAsync(WithoutRouting(settings), TestContext.Current.CancellationToken);
        using var answer = await restarted.Client.PostAsync(Chat.Body());
        using var auto = await restarted.Client.PostAsync(Chat.Body(model: "auto"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        auto.StatusCode.ShouldBe(HttpStatusCode.OK);
        auto.Header("x-orchestration-warnings").ShouldContain("classifier_unavailable");
    }

    [Fact]
    public async Task Gateway_that_never_had_a_table_is_not_ready_and_says_503()
    {
        await using var gateway = await GatewayHost.StartAsync(WithoutRouting(fixture.SecondGateway()), TestContext.Current.CancellationToken);

        using var answer = await gateway.Client.PostAsync(Chat.Body());
        using var models = await gateway.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        using var health = await gateway.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        using var alive = await gateway.Client.GetAsync("/alive", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.ErrorCodeAsync()).ShouldBe("routing_unavailable");
        answer.Header("Retry-After").ShouldNotBeEmpty();
        models.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Damaged_file_is_no_table_and_no_crash()
    {
        var settings = WithoutRouting(fixture.SecondGateway());
        Directory.CreateDirectory(Path.Combine(settings.Folder, "data"));
        await File.WriteAllBytesAsync(Path.Combine(settings.Folder, "data", "route-table.pb"), [0xFF, 0xFF, 0xFF], TestContext.Current.CancellationToken);

        await using var gateway = await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken);
        using var answer = await gateway.Client.PostAsync(Chat.Body());

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Dead_providers_are_a_503_and_the_request_is_settled()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["services:providers:grpc:0"] = Nowhere } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);

        foreach (var stream in (bool[])[false, true])
        {
            using var answer = await gateway.Client.PostAsync(Chat.Body(stream: stream));

            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await answer.ErrorCodeAsync()).ShouldBe("service_unavailable");
            answer.Header("x-should-retry").ShouldBe("true");
            var completed = await gateway.CompletedAsync(answer.RequestId(), TestContext.Current.CancellationToken);
            completed.Settlement.ShouldBe("estimated");
            completed.AttemptCount.ShouldBe(0);
        }
    }

    private static GatewaySettings WithoutRouting(GatewaySettings settings) =>
        settings with { More = new Dictionary<string, string?> { ["services:routing:grpc:0"] = Nowhere } };
}
