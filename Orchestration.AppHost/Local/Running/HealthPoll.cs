namespace Orchestration.AppHost.Local.Running;

/// <summary>How often to ask: closely while starting, slower with each failure, rarely when all is well.</summary>
internal static class HealthPoll
{
    public static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(30);

    /// <summary>1, 2, 3, 4, then 5 seconds.</summary>
    public static TimeSpan AfterFailures(int failures) => TimeSpan.FromSeconds(Math.Clamp(failures, 1, 5));

    /// <summary>Starting costs seconds: a tenth of a second more each time, up to one.</summary>
    public static TimeSpan WhileStarting(int failures) => TimeSpan.FromMilliseconds(Math.Min(100 * (failures + 1), 1_000));
}
