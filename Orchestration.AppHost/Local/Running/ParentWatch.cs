using System.Runtime.InteropServices;

namespace Orchestration.AppHost.Local.Running;

/// <summary>
/// Notices that the <c>dotnet run</c> we were started by is gone. It passes signals on, but when it is killed outright we would
/// otherwise run on without a terminal.
/// </summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static void Begin(Action onGone, CancellationToken cancellationToken)
    {
        var parent = ParentId();
        if (IsDotnetRun(parent))
            _ = WatchAsync(parent, onGone, cancellationToken);
    }

    private static async Task WatchAsync(int parent, Action onGone, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (ParentId() != parent)
                {
                    onGone();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The system stops anyway.
        }
    }

    private static bool IsDotnetRun(int process)
    {
        var file = $"/proc/{process}/cmdline";
        if (!File.Exists(file))
            return false;
        var command = File.ReadAllText(file).Split('\0');
        return command.Length > 1 && Path.GetFileName(command[0]) == "dotnet" && command.Contains("run");
    }

    [DllImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ParentId();
}
