using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.ServiceDefaults.Tests.Telemetry;

public sealed class PrometheusEndpointTests
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instruments_are_scraped_under_the_names_that_dashboards_use()
    {
        await using var app = await StartAsync(("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"));
        var meter = app.Services.GetRequiredService<IMeterFactory>().Create("Orchestration.Probe");
        meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}").Record(5, new KeyValuePair<string, object?>("gen_ai.token.type", "input"));
        meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s").Record(0.05);
        meter.CreateCounter<long>("orchestration.cost.nanos", "{nano}").Add(5);
        meter.CreateObservableGauge("orchestration.outbox.oldest_age", () => 3.0, "s");
        meter.CreateUpDownCounter<long>("orchestration.gateway.requests.running", "{request}").Add(1);

        var text = await Http.GetStringAsync($"{app.Urls.Single()}/metrics", Cancellation);

        text.ShouldContain("gen_ai_client_token_usage_sum{");
        text.ShouldContain("gen_ai_token_type=\"input\",le=\"16\"");
        text.ShouldContain("gen_ai_client_operation_duration_seconds_bucket{");
        text.ShouldContain("le=\"81.92\"");
        text.ShouldContain("orchestration_cost_nanos_total{");
        text.ShouldContain("orchestration_outbox_oldest_age_seconds{");
        text.ShouldContain("orchestration_gateway_requests_running{");
    }

    [Fact]
    public async Task Metrics_are_told_among_operators_only()
    {
        await using var app = await StartAsync(("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"), ("Kestrel:Endpoints:admin:Url", "http://127.0.0.1:0"));

        foreach (var url in app.Urls)
        {
            var listener = await Http.GetStringAsync($"{url}/listener", Cancellation);
            (await Http.GetAsync($"{url}/metrics", Cancellation)).StatusCode.ShouldBe(listener == "admin" ? HttpStatusCode.OK : HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Service_that_switches_it_off_has_no_such_endpoint()
    {
        await using var app = await StartAsync(("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"), ("Prometheus:Enabled", "false"));

        (await Http.GetAsync($"{app.Urls.Single()}/metrics", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<WebApplication> StartAsync(params (string, string)[] settings)
    {
        var builder = TestSettings.CreateBuilder(settings);
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/listener", (Microsoft.AspNetCore.Http.HttpContext context) => context.GetListenerName());
        await app.StartAsync(Cancellation);
        return app;
    }
}
