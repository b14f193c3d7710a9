namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>How a consumer takes messages from its queue.</summary>
public sealed class QueueOptions
{
    /// <summary>Most messages that the broker hands out before the first is acknowledged.</summary>
    public ushort Prefetch { get; set; } = 16;

    /// <summary>Most messages that are consumed at the same time.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>
    /// How long a message waits in memory for a store that is away, before it goes to the error queue. An outage is no fault
    /// of the message, so this is long.
    /// </summary>
    public TimeSpan OutagePatience { get; set; } = TimeSpan.FromHours(4);
}
