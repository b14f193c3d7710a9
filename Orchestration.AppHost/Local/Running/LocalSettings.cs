using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Orchestration.AppHost.Local.Running;

/// <summary>What the local host reads from its own configuration, section <c>Orchestration</c>.</summary>
/// <param name="DataDirectory">Data, secrets and locks of one system; two hosts never share one.</param>
/// <param name="RandomPorts">Whether every endpoint takes a free port instead of its own.</param>
/// <param name="RestartCrashed">Whether a process that ends by itself is started again, on the data that it left.</param>
/// <param name="Collector">Name of the resource whose "grpc" endpoint receives telemetry; null switches telemetry off.</param>
/// <param name="CollectorKey">The key that the collector asks for.</param>
/// <param name="EnvironmentName">Development, unless said otherwise.</param>
/// <param name="Configuration">The rest.</param>
internal sealed record LocalSettings(
    string DataDirectory, bool RandomPorts, bool RestartCrashed, string? Collector, string? CollectorKey, string EnvironmentName, IConfiguration Configuration)
{
    public bool IsDevelopment => string.Equals(EnvironmentName, Environments.Development, StringComparison.OrdinalIgnoreCase);

    public static LocalSettings From(IConfiguration configuration, IHostEnvironment environment)
    {
        var telemetry = configuration["Orchestration:Telemetry"];
        return new(
            DataDirectories.Of(configuration),
            configuration.GetValue("Orchestration:RandomPorts", false),
            configuration.GetValue("Orchestration:RestartCrashed", false),
            string.IsNullOrEmpty(telemetry) || string.Equals(telemetry, "off", StringComparison.OrdinalIgnoreCase) ? null : telemetry,
            configuration["AppHost:OtlpApiKey"],
            environment.EnvironmentName,
            configuration);
    }
}
