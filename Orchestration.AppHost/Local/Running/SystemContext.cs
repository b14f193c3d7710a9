namespace Orchestration.AppHost.Local.Running;

/// <summary>What all running resources share.</summary>
internal sealed record SystemContext(LocalSettings Settings, ConsoleLog Console, DataFolder Folder, Endpoint? Collector)
{
    /// <summary>Time between SIGTERM and SIGKILL.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);
}
