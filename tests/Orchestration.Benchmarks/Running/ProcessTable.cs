using System.Globalization;
using System.Text;

namespace Orchestration.Benchmarks.Running;

/// <summary>What /proc tells about processes.</summary>
internal static class ProcessTable
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system time so far of a process and all below it, those that have ended too, in seconds; NaN when it is gone.</summary>
    public static double CpuSecondsOfTree(int pid) => Stat(pid) is { } fields
        ? Ticks(fields) / TicksPerSecond + DescendantsOf(pid).Select(Stat).OfType<string[]>().Sum(Ticks) / TicksPerSecond
        : double.NaN;

    /// <summary>Resident memory in MiB; NaN when the process is gone.</summary>
    public static double ResidentMegabytes(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return Number(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) / 1024;
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return double.NaN;
        }
    }

    public static IReadOnlyList<int> DescendantsOf(int pid)
    {
        var children = All().ToLookup(process => process.Parent, process => process.Id);
        var found = new List<int>();
        var waiting = new Queue<int>([pid]);
        while (waiting.TryDequeue(out var next))
        {
            found.AddRange(children[next]);
            foreach (var child in children[next])
                waiting.Enqueue(child);
        }
        return found;
    }

    public static string[] CommandLine(int pid) => Strings($"/proc/{pid}/cmdline");

    public static IReadOnlyDictionary<string, string> EnvironmentOf(int pid) => Strings($"/proc/{pid}/environ")
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2)
        .DistinctBy(pair => pair[0])
        .ToDictionary(pair => pair[0], pair => pair[1]);

    public static string DirectoryOf(int pid) => new FileInfo($"/proc/{pid}/cwd").ResolveLinkTarget(true)?.FullName ?? "/";

    public static bool IsAlive(int pid) => Stat(pid) is { } fields && fields[0] != "Z";

    private static IEnumerable<(int Id, int Parent)> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Stat(pid) is { } fields)
                yield return (pid, (int)Number(fields[1]));
        }
    }

    /// <summary>Fields of stat from the state on: the name before them may hold anything.</summary>
    private static string[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string[] Strings(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static double Ticks(string[] fields) => fields[11..15].Sum(Number);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
