namespace Orchestration.AppHost.Local.Running;

/// <summary>When a process that ended by itself is started again: at once, and ever later when it keeps ending.</summary>
internal static class CrashRestart
{
    /// <summary>A process that lived longer than this has not failed to start.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static TimeSpan PauseAfter(int quickEnds)
    {
        var pause = TimeSpan.FromMilliseconds(250) * quickEnds;
        return pause < Longest ? pause : Longest;
    }
}
