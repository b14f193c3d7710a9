using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orchestration.ServiceDefaults.Data;
using Orchestration.ServiceDefaults.Health;
using Orchestration.ServiceDefaults.Hosting;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.ServiceDefaults.Telemetry;

namespace Orchestration.ServiceDefaults;

/// <summary>What every service process has: telemetry, health, discovery, time, and the <c>migrate</c> verb.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health checks, service discovery, service identity and gRPC plumbing.</summary>
    /// <remarks>
    /// Service discovery is not put into every HttpClient: a base URL from a policy must never reach an internal service by
    /// its resource name. A client of an internal service adds it itself (<c>AddServiceDiscovery</c> on its builder).
    /// </remarks>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddServiceIdentity();
        builder.Services.AddServiceDiscovery();
        builder.Services.AddHealthChecks();
        builder.AddKestrelDefaults();
        builder.AddTelemetry();
        builder.AddShutdownGrace();
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (readiness, per dependency) and <c>/alive</c> (the process alone) on the "http" endpoint, and <c>/metrics</c>
    /// for Prometheus.
    /// </summary>
    /// <remarks>
    /// Where an "admin" listener is configured, "http" is public: there <c>/health</c> answers with the bare status word, and
    /// the reasons, and the metrics, are told on "admin" only.
    /// </remarks>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        HealthEndpoints.Map(app);
        PrometheusEndpoint.Map(app);
        return app;
    }

    /// <summary>Runs the service; with the argument <c>migrate</c> it migrates the service's database and exits.</summary>
    /// <param name="app">The service.</param>
    /// <param name="args">Arguments of the process.</param>
    /// <param name="map">
    /// Maps the endpoints. Left out of a migration, which has neither the peers nor the stores that endpoints lean on.
    /// </param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app, string[] args, Action<WebApplication>? map = null)
    {
        if (args.Contains("migrate", StringComparer.Ordinal))
            return await MigrateVerb.RunAsync(app);

        map?.Invoke(app);
        return await ServiceRun.RunAsync(app);
    }
}
