namespace Orchestration.AppHost.Local.Running;

/// <summary>The states of a resource; the last three are final.</summary>
internal enum ResourceState
{
    NotStarted,
    Waiting,
    Starting,
    Running,
    RuntimeUnhealthy,
    Stopping,
    Finished,
    Exited,
    FailedToStart,
}
