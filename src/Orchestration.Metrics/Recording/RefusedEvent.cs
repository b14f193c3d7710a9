namespace Orchestration.Metrics.Recording;

/// <summary>An event on its way to quarantine.</summary>
internal sealed record RefusedEvent(SequencedEvent Source, string Reason)
{
    /// <summary>Reason for an event whose half of a row stands in the ledger already, told by a different event.</summary>
    public const string Contradiction = "event: another one has told this of the same id";

    /// <summary>Reason for an event of a month that retention has dropped: it would make a row that was counted long ago.</summary>
    public const string Dropped = "event: its month has been dropped";
}
