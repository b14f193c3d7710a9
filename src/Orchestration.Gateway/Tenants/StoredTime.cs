namespace Orchestration.Gateway.Tenants;

internal static class StoredTime
{
    /// <summary>Now, as exactly as the database keeps it: what is told after a change is what is read later.</summary>
    public static DateTimeOffset GetStoredNow(this TimeProvider timeProvider)
    {
        var now = timeProvider.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
