using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.ServiceDefaults.Tests.Health;

public sealed class HealthEndpointsTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task Readiness_tells_version_and_each_dependency_with_its_reason()
    {
        await using var app = await StartAsync(HealthCheckResult.Degraded("The broker is away."), "http");

        var response = await Http.GetAsync($"{app["http"]}/health", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        body.RootElement.GetProperty("status").GetString().ShouldBe("Degraded");
        body.RootElement.GetProperty("service").GetString().ShouldBe("probe");
        body.RootElement.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        body.RootElement.GetProperty("checks").GetProperty("broker").GetProperty("reason").GetString().ShouldBe("The broker is away.");
    }

    [Fact]
    public async Task Service_without_what_it_needs_is_alive_and_not_ready()
    {
        await using var app = await StartAsync(HealthCheckResult.Unhealthy("gone", new IOException("10.1.2.3")), "http");

        var ready = await Http.GetAsync($"{app["http"]}/health", TestContext.Current.CancellationToken);
        var alive = await Http.GetAsync($"{app["http"]}/alive", TestContext.Current.CancellationToken);

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("10.1.2.3");
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Service_that_is_told_to_end_is_not_ready_at_once_and_alive()
    {
        await using var app = await StartAsync(HealthCheckResult.Healthy(), "http");
        app.TellToEnd();

        var ready = await Http.GetAsync($"{app["http"]}/health", TestContext.Current.CancellationToken);
        var alive = await Http.GetAsync($"{app["http"]}/alive", TestContext.Current.CancellationToken);

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("The process is ending.");
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Public_listener_beside_an_admin_one_gives_the_bare_word()
    {
        await using var app = await StartAsync(HealthCheckResult.Degraded("The broker is away."), "http", "admin");

        (await Http.GetStringAsync($"{app["http"]}/health", TestContext.Current.CancellationToken)).ShouldBe("Degraded");
        (await Http.GetStringAsync($"{app["admin"]}/health", TestContext.Current.CancellationToken)).ShouldContain("The broker is away.");
    }

    [Fact]
    public async Task Endpoint_of_one_listener_does_not_exist_on_another()
    {
        await using var app = await StartAsync(HealthCheckResult.Healthy(), "http", "admin");

        (await Http.GetAsync($"{app["admin"]}/secret", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Http.GetAsync($"{app["http"]}/secret", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Server_does_not_name_itself()
    {
        await using var app = await StartAsync(HealthCheckResult.Healthy(), "http");

        var response = await Http.GetAsync($"{app["http"]}/alive", TestContext.Current.CancellationToken);

        response.Headers.Server.ShouldBeEmpty();
    }

    private static async Task<RunningApp> StartAsync(HealthCheckResult result, params string[] listeners)
    {
        var builder = TestSettings.CreateBuilder(
            [.. listeners.Select(name => ($"Kestrel:Endpoints:{name}:Url", "http://127.0.0.1:0"))]);
        builder.AddServiceDefaults();
        builder.Services.AddHealthChecks().AddCheck("broker", () => result);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/listener", (Microsoft.AspNetCore.Http.HttpContext context) => context.GetListenerName());
        app.MapGet("/secret", () => "for operators").RequireListener("admin");
        await app.StartAsync(TestContext.Current.CancellationToken);

        var addresses = new Dictionary<string, string>();
        foreach (var url in app.Urls)
        {
            addresses[await Http.GetStringAsync($"{url}/listener", TestContext.Current.CancellationToken)] = url;
        }

        return new RunningApp(app, addresses);
    }

    private sealed class RunningApp(WebApplication app, Dictionary<string, string> addresses) : IAsyncDisposable
    {
        public string this[string listener] => addresses[listener];

        /// <summary>As SIGTERM does it, before anything else of the end.</summary>
        public void TellToEnd() => app.Lifetime.StopApplication();

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
