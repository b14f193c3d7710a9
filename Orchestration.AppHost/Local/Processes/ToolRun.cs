using System.Diagnostics;

namespace Orchestration.AppHost.Local.Processes;

/// <summary>A short-lived command whose output matters only when it fails.</summary>
internal static class ToolRun
{
    /// <summary>Runs a command to its end.</summary>
    /// <returns>Exit code and everything it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string fileName, IEnumerable<string> arguments, CancellationToken cancellationToken, Action<string>? onLine = null)
    {
        var start = new ProcessStartInfo(fileName, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await using var registration = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var lines = new List<string>();
        await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return (process.ExitCode, string.Join('\n', lines));

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                lock (lines)
                    lines.Add(line);
                onLine?.Invoke(line);
            }
        }
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task<string> RequireAsync(string fileName, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await RunAsync(fileName, arguments, cancellationToken);
        return exitCode == 0 ? output : throw new InvalidOperationException($"{fileName} ended with {exitCode}: {output}");
    }
}
