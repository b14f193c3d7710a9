namespace Orchestration.Routing;

internal static class RoutingExtensions
{
    public static WebApplicationBuilder AddRouting(this WebApplicationBuilder builder) => builder;

    public static WebApplication MapRouting(this WebApplication app) => app;
}
