using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Orchestration.ServiceDefaults.Telemetry;

/// <summary>OpenTelemetry for every service: traces, logs and metrics to a collector where one is named, metrics for Prometheus.</summary>
internal static class TelemetryExtensions
{
    private const string IngestPrefix = "/opentelemetry.proto";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var scraped = PrometheusEndpoint.IsEnabled(builder.Configuration);
        var collected = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        if (!scraped && !collected)
        {
            return;
        }

        var service = ServiceInfo.From(builder.Configuration, builder.Environment);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(service.Name, serviceVersion: service.Version)
                .AddEnvironmentVariableDetector())
            .WithMetrics(AddMeters);
        if (scraped)
        {
            telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter());
        }

        // Without a collector nobody reads spans, and each costs microseconds; trace ids still exist and travel.
        if (!collected)
        {
            return;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        telemetry.WithTracing(AddSources).UseOtlpExporter();
    }

    internal static bool IsTraced(PathString path) =>
        !path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/alive", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase)
        && !IsIngest(path.Value);

    private static void AddSources(TracerProviderBuilder tracing) => tracing
        .AddSource("Orchestration.*", "MassTransit", "Npgsql")
        .AddAspNetCoreInstrumentation(options =>
        {
            options.Filter = context => IsTraced(context.Request.Path);
            // The console's circuit would make a span of every click and every repaint.
            options.EnableAspNetCoreSignalRSupport = false;
        })
        .AddHttpClientInstrumentation(options =>
            options.FilterHttpRequestMessage = request => !IsIngest(request.RequestUri?.AbsolutePath))
        // One span a call: the HTTP span under a gRPC span tells nothing new.
        .AddGrpcClientInstrumentation(options => options.SuppressDownstreamInstrumentation = true);

    private static void AddMeters(MeterProviderBuilder metrics) => metrics
        .AddMeter("Orchestration.*", "MassTransit", "Npgsql")
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation()
        .AddRuntimeInstrumentation()
        .AddHistogramSteps();

    // A collector that traces its own ingest would be sent its own spans for ever.
    private static bool IsIngest(string? path) => path is not null
        && (path.StartsWith(IngestPrefix, StringComparison.Ordinal) || path is "/v1/traces" or "/v1/metrics" or "/v1/logs");
}
