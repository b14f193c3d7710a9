using System.Globalization;

namespace Orchestration.AppHost.Tests;

/// <summary>Processes that belong to a folder: its path stands in their command line, environment or working directory.</summary>
internal static class Leftovers
{
    public static IReadOnlyList<string> Of(string folder) =>
        [.. Directory.EnumerateDirectories("/proc").Select(path => Describe(path, folder)).OfType<string>()];

    /// <summary>Waits for the end of all of them; what is left is returned.</summary>
    public static async Task<IReadOnlyList<string>> AfterAsync(TimeSpan patience, string folder, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = Of(folder);
            if (left.Count == 0 || TimeProvider.System.GetElapsedTime(began) > patience)
                return left;
            await Task.Delay(50, cancellationToken);
        }
    }

    private static string? Describe(string path, string folder)
    {
        if (!int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId)
            return null;
        try
        {
            var command = File.ReadAllText(Path.Combine(path, "cmdline")).Replace('\0', ' ').Trim();
            // Without a command line it has ended and only waits to be noticed.
            var belongs = command.Length > 0
                && (command.Contains(folder, StringComparison.Ordinal) || File.ReadAllText(Path.Combine(path, "environ")).Contains(folder, StringComparison.Ordinal));
            return belongs ? $"{id} {command}" : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
