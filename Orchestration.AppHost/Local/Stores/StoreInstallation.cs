using System.Globalization;
using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Local.Stores;

/// <summary>Makes sure that the servers are installed, through <c>eng/install-services.sh</c>.</summary>
internal static class StoreInstallation
{
    /// <summary>Installs what is missing; quick when nothing is.</summary>
    /// <param name="services">Names as the script knows them: postgres, redis, rabbitmq.</param>
    /// <param name="onLine">Receives the script's progress.</param>
    /// <param name="cancellationToken">Ends the script.</param>
    public static async Task EnsureAsync(IEnumerable<string> services, Action<string> onLine, CancellationToken cancellationToken)
    {
        var script = Path.Combine(Repository.Root, "eng", "install-services.sh");
        var (exitCode, output) = await ToolRun.RunAsync("bash", [script, .. services], cancellationToken, onLine);
        if (exitCode != 0)
            throw new InvalidOperationException($"Backing services could not be installed. {output}");
    }

    /// <summary>The installed PostgreSQL release to create data with: the newest that has pgvector.</summary>
    public static string PostgresVersion() =>
        Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Select(folder => Path.GetFileName(folder))
            .Where(version => File.Exists($"/usr/share/postgresql/{version}/extension/vector.control"))
            .OrderByDescending(version => int.Parse(version, CultureInfo.InvariantCulture))
            .FirstOrDefault() ?? throw new InvalidOperationException("PostgreSQL with pgvector is not installed; run eng/install-services.sh.");
}
