using System.Globalization;

namespace Orchestration.AppHost.Local.Running;

/// <summary>Finds the process that listens on a port, as far as this user may look.</summary>
internal static class PortHolder
{
    private const string Listening = "0A";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <returns>For example "nginx (process 123)", or null.</returns>
    public static string? Find(int port)
    {
        var sockets = Tables.Where(File.Exists).SelectMany(file => ListeningSockets(file, port)).ToHashSet();
        if (sockets.Count == 0)
            return null;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Holds(folder, sockets))
                return $"{File.ReadAllText(Path.Combine(folder, "comm")).Trim()} (process {id})";
        }
        return null;
    }

    private static IEnumerable<string> ListeningSockets(string file, int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > 9 && columns[1].EndsWith(suffix, StringComparison.Ordinal) && columns[3] == Listening)
                yield return $"socket:[{columns[9]}]";
        }
    }

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(folder, "fd")).Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
