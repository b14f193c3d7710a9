namespace Orchestration.Providers;

internal static class ProvidersExtensions
{
    public static WebApplicationBuilder AddProviders(this WebApplicationBuilder builder) => builder;

    public static WebApplication MapProviders(this WebApplication app) => app;
}
