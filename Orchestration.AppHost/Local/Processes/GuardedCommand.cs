namespace Orchestration.AppHost.Local.Processes;

/// <summary>What to run, and how it is to be ended.</summary>
/// <param name="FileName">Executable, found on the path.</param>
/// <param name="Arguments">Its arguments, one by one.</param>
internal sealed record GuardedCommand(string FileName, IReadOnlyList<string> Arguments)
{
    public required string WorkingDirectory { get; init; }

    /// <summary>Changes to the inherited environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The signal that asks for an orderly end.</summary>
    public int StopSignal { get; init; } = UnixSignals.Terminate;

    /// <summary>How long the guard waits after the signal before it kills, when the starter is gone.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Where the output goes instead of to the starter; needed when the command may outlive its starter.</summary>
    public string? LogFile { get; init; }

    /// <summary>A folder that the guard removes after the end.</summary>
    public string? RemoveAtEnd { get; init; }
}
