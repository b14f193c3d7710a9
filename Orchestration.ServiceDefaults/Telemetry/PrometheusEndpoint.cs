using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.ServiceDefaults.Telemetry;

/// <summary>
/// <c>/metrics</c> for Prometheus, where operators are among themselves: on "admin" where there is such a listener, else on "http".
/// A service whose "http" is public and that has no "admin" switches it off in its settings.
/// </summary>
internal static class PrometheusEndpoint
{
    private const string Path = "/metrics";

    /// <summary>Setting that switches the endpoint, and with it the collection for it, off.</summary>
    private const string Enabled = "Prometheus:Enabled";

    public static bool IsEnabled(IConfiguration configuration) => configuration.GetValue(Enabled, defaultValue: true);

    public static void Map(WebApplication app)
    {
        if (!IsEnabled(app.Configuration))
            return;

        var listener = app.Configuration.GetSection("Kestrel:Endpoints:admin").Exists() ? "admin" : "http";
        app.MapPrometheusScrapingEndpoint(Path).RequireListener(listener).AllowAnonymous().DisableHttpMetrics();
    }
}
