namespace Orchestration.Console;

internal static class ConsoleExtensions
{
    public static WebApplicationBuilder AddConsole(this WebApplicationBuilder builder) => builder;

    public static WebApplication MapConsole(this WebApplication app) => app;
}
