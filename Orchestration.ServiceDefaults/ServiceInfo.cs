using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Orchestration.ServiceDefaults;

/// <summary>Name and version of the running service, as tokens, telemetry, health and the outbox show them.</summary>
/// <param name="Name">Resource name, for example "gateway".</param>
/// <param name="Version">Version of the build, for example "0.1.0".</param>
public sealed record ServiceInfo(string Name, string Version)
{
    /// <summary>The name from <c>OTEL_SERVICE_NAME</c>, else the last part of the application's name in lower case.</summary>
    public static ServiceInfo From(IConfiguration configuration, IHostEnvironment environment)
    {
        var configured = configuration["OTEL_SERVICE_NAME"];
        var name = string.IsNullOrWhiteSpace(configured)
            ? environment.ApplicationName[(environment.ApplicationName.LastIndexOf('.') + 1)..].ToLowerInvariant()
            : configured.Trim();
        return new ServiceInfo(name, BuildVersion());
    }

    private static string BuildVersion()
    {
        var assembly = Assembly.GetEntryAssembly() ?? typeof(ServiceInfo).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        return version.Split('+')[0];
    }
}
