using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Local.Running;

/// <summary>The processes of a project, one a replica.</summary>
internal sealed class ProjectRun(ProjectResource project, SystemContext context, HttpClient health) : ResourceRun(project, context)
{
    protected override Task<GuardedCommand> CommandAsync(int replica, CancellationToken cancellationToken)
    {
        var environment = ProjectEnvironment.Of(project, replica, Context.Settings, Context.Collector);
        var program = Path.ChangeExtension(project.Metadata.AssemblyPath, null);
        if (!File.Exists(program))
            throw new InvalidOperationException($"{program} is not there: build the AppHost first.");
        // As 'dotnet run' does it: the built program itself, told where the runtime is.
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is null)
            environment["DOTNET_ROOT"] = RuntimeRoot();
        return Task.FromResult(new GuardedCommand(program, [.. project.Arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(project.Metadata.ProjectPath)!,
            Environment = environment,
            Grace = SystemContext.Grace,
        });
    }

    protected override async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        foreach (var check in project.HealthChecks)
        {
            var endpoint = project.Endpoints.FirstOrDefault(endpoint => check.EndpointName is null ? endpoint.Scheme is "http" or "https" : endpoint.Name == check.EndpointName)
                ?? throw new InvalidOperationException($"'{project.Name}' has no endpoint '{check.EndpointName ?? "http"}' for its health check.");
            for (var replica = 0; replica < project.Replicas; replica++)
            {
                if (await AskAsync(endpoint.Url(replica) + check.Path, check.StatusCode, cancellationToken) is { } problem)
                    return problem;
            }
        }
        return null;
    }

    private static string RuntimeRoot() =>
        Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private async Task<string?> AskAsync(string address, int statusCode, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await health.GetAsync(address, cancellationToken);
            return (int)response.StatusCode == statusCode ? null : $"{address} answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException failure)
        {
            return $"{address}: {failure.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{address} did not answer in time";
        }
    }
}
