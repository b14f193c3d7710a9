using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>A ledger row told by up to two witnesses.</summary>
internal interface ILedgerRow
{
    public Guid Id { get; }

    public LedgerDimensions Dimensions { get; }

    public SequencedEvent? First { get; }

    public SequencedEvent? Second { get; }
}
