namespace Orchestration.Metrics.Recording;

/// <summary>An event on its way to quarantine.</summary>
internal sealed record RefusedEvent(SequencedEvent Source, string Reason)
{
    /// <summary>Reason for an event whose half of a row stands in the ledger already, told by a different event.</summary>
    public const string Contradiction = "event: another one has told this of the same id";
}
