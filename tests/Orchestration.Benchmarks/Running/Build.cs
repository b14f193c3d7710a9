using Orchestration.Testing;

namespace Orchestration.Benchmarks.Running;

/// <summary>Where the build put the programs that are measured, in the configuration that this program runs in.</summary>
internal static class Build
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;

    public static string Folder(string project) => project.StartsWith("Orchestration.AppHost", StringComparison.Ordinal)
        ? Path.Combine(RepositoryRoot.Path, project)
        : Path.Combine(RepositoryRoot.Path, "src", project);

    /// <summary>The program of a project, brought up to date first: a measurement of yesterday's build misleads.</summary>
    public static async Task<string> ProgramAsync(string project, CancellationToken cancellationToken)
    {
        await BuildAsync(project, cancellationToken);
        return Program(project);
    }

    /// <summary>The program of a project as it was built last.</summary>
    public static string Program(string project) =>
        Path.Combine(RepositoryRoot.Path, "artifacts", "bin", project, Configuration, project + ".dll");

    private static async Task BuildAsync(string project, CancellationToken cancellationToken)
    {
        Screen.Note($"building {project} ({Configuration})");
        await using var build = ChildProcess.Start(
            "dotnet", ["build", Folder(project), "-c", Configuration, "-v", "q", "-nologo", "-clp:ErrorsOnly", "-m:1"],
            RepositoryRoot.Path, new Dictionary<string, string>(), TimeSpan.FromSeconds(5));
        while (!build.HasExited)
            await Task.Delay(200, cancellationToken);
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"{project} does not build:{Environment.NewLine}{build.LastWords}");
    }
}
