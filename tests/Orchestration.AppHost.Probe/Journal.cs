using System.Collections;
using System.Text.Json;

namespace Orchestration.AppHost.Probe;

/// <summary>What happened, in the order in which it happened over all probes of a folder.</summary>
internal static class Journal
{
    public static void Append(string what)
    {
        var line = $"{ProbeSettings.Name} {what}\n";
        // One write in append mode: lines of several processes do not mix.
        using var file = new FileStream(Path.Combine(ProbeSettings.Folder, "journal"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(line));
    }

    public static void WriteEnvironment(string[] args)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value);
        var seen = new { arguments = args, directory = Environment.CurrentDirectory, process = Environment.ProcessId, variables };
        var path = Path.Combine(ProbeSettings.Folder, $"{ProbeSettings.Name}.{Environment.ProcessId}");
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(seen));
        File.Move(path + ".new", path + ".json");
    }
}
