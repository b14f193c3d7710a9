using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>What an envelope turned out to hold.</summary>
internal abstract record EventReading
{
    private EventReading()
    {
    }

    internal sealed record RequestOpened(Witness<RequestAdmitted> Witness) : EventReading;

    internal sealed record RequestClosed(Witness<RequestCompleted> Witness) : EventReading;

    internal sealed record AttemptOpened(Witness<AttemptStarted> Witness) : EventReading;

    internal sealed record AttemptClosed(Witness<AttemptCompleted> Witness) : EventReading;

    /// <summary>A type from a newer sender; none of the ledger's business.</summary>
    internal sealed record Unknown : EventReading;

    /// <summary>An event that must not be applied.</summary>
    internal sealed record Refused(string Reason) : EventReading;
}
