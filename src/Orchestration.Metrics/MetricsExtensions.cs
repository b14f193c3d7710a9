namespace Orchestration.Metrics;

internal static class MetricsExtensions
{
    public static WebApplicationBuilder AddMetrics(this WebApplicationBuilder builder) => builder;

    public static WebApplication MapMetrics(this WebApplication app) => app;
}
