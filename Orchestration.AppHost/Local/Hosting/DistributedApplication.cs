using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orchestration.AppHost.Local.Running;

namespace Aspire.Hosting;

/// <summary>The built system, ready to run on this machine.</summary>
internal sealed class DistributedApplication(
    IReadOnlyList<IResource> resources, IConfiguration configuration, IHostEnvironment environment, string[] args)
{
    public IReadOnlyList<IResource> Resources { get; } = resources;

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until a signal or the token says stop. The exit code of the process tells how it went.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default) =>
        Environment.ExitCode = await RunAsync(Console.Out, cancellationToken);

    /// <summary>As <see cref="RunAsync(CancellationToken)"/>, with the output going to a writer.</summary>
    public async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var settings = LocalSettings.From(configuration, environment);
        var console = new ConsoleLog(output, Resources.Select(resource => resource.Name));
        if (args is ["reset", ..])
            return await DataFolder.ResetAsync(settings.DataDirectory, console, cancellationToken);
        using var stop = StopRequest.Listen(console, cancellationToken);
        return await new SystemRun(Resources, settings, console).RunAsync(stop);
    }
}
