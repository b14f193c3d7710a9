using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Hosting;

/// <summary>How a service ends.</summary>
public sealed class ShutdownOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Shutdown";

    /// <summary>Time that running calls and streams get after SIGTERM. The local host lowers it to 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class ShutdownOptionsValidator : IValidateOptions<ShutdownOptions>;

internal static class ShutdownExtensions
{
    // Services let their work end within the grace before any server stops; closing connections and stores comes on top.
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(3);

    public static void AddShutdownGrace(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ShutdownOptions, ShutdownOptionsValidator>()
            .BindConfiguration(ShutdownOptions.SectionName);
        builder.Services.AddOptions<HostOptions>()
            .Configure<IOptions<ShutdownOptions>>((host, shutdown) => host.ShutdownTimeout = shutdown.Value.Grace + Closing);
    }
}
