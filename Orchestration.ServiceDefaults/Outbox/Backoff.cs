namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Pauses between attempts at a broker that is away: doubling, bounded, and never in step with other replicas.</summary>
internal static class Backoff
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    public static TimeSpan After(int failures)
    {
        var full = Shortest * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        var bounded = full < Longest ? full : Longest;
#pragma warning disable CA5394 // Jitter is no secret.
        return bounded * (0.5 + (Random.Shared.NextDouble() / 2));
#pragma warning restore CA5394
    }
}
