namespace Orchestration.Simulator;

internal static class SimulatorExtensions
{
    public static WebApplicationBuilder AddSimulator(this WebApplicationBuilder builder) => builder;

    public static WebApplication MapSimulator(this WebApplication app) => app;
}
