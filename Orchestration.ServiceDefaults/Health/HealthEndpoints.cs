using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.ServiceDefaults.Health;

/// <summary>Liveness that touches nothing but the process, and readiness with a reason per dependency.</summary>
internal static class HealthEndpoints
{
    public static void Map(WebApplication app)
    {
        var service = app.Services.GetRequiredService<ServiceInfo>();
        var endpoints = app.Configuration.GetSection("Kestrel:Endpoints");
        var detailed = endpoints.GetSection("admin").Exists() ? "admin" : "http";

        app.MapGet("/alive", () => TypedResults.Text("Healthy")).AllowAnonymous().DisableHttpMetrics().ExcludeFromDescription();
        app.MapGet("/health", async (HttpContext context) =>
        {
            var report = await CheckAsync(context);
            context.Response.StatusCode = report.Status == HealthStatus.Unhealthy
                ? StatusCodes.Status503ServiceUnavailable
                : StatusCodes.Status200OK;
            context.Response.Headers.CacheControl = "no-store";
            await ((context.GetListenerName() ?? detailed) == detailed
                ? WriteDetailsAsync(context, report, service)
                : context.Response.WriteAsync(report.Status.ToString(), context.RequestAborted));
        }).AllowAnonymous().DisableHttpMetrics().ExcludeFromDescription();
    }

    // What ends is not ready, whatever it depends on, and says so at once.
    private static Task<HealthReport> CheckAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested
            ? Task.FromResult(new HealthReport(
                new Dictionary<string, HealthReportEntry> { ["shutdown"] = new(HealthStatus.Unhealthy, "The process is ending.", TimeSpan.Zero, null, null) }, TimeSpan.Zero))
            // Looked up per request: mapping must not build the dependencies, since a migration run has none of them.
            : context.RequestServices.GetRequiredService<HealthCheckService>().CheckHealthAsync(context.RequestAborted);

    private static async Task WriteDetailsAsync(HttpContext context, HealthReport report, ServiceInfo service)
    {
        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("status", report.Status.ToString());
        writer.WriteString("service", service.Name);
        writer.WriteString("version", service.Version);
        writer.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            writer.WriteStartObject(name);
            writer.WriteString("status", entry.Status.ToString());
            // Only the description: an exception's text may hold addresses, names or statements.
            writer.WriteString("reason", entry.Description ?? (entry.Exception is null ? "" : "The check failed."));
            writer.WriteNumber("duration_ms", Math.Round(entry.Duration.TotalMilliseconds, 2));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }
}
