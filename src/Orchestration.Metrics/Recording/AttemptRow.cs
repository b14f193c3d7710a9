using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>What one batch tells about one attempt.</summary>
internal sealed class AttemptRow(Guid id) : ILedgerRow
{
    public Guid Id { get; } = id;

    public Witness<AttemptStarted>? Started { get; set; }

    public Witness<AttemptCompleted>? Finished { get; set; }

    public LedgerDimensions Dimensions => Finished?.Payload.Dimensions ?? Started!.Payload.Dimensions;

    public AttemptTarget Target => Finished?.Payload.Target ?? Started!.Payload.Target;

    public Guid RequestId => Finished?.Payload.RequestId ?? Started!.Payload.RequestId;

    public int Ordinal => Finished?.Payload.Ordinal ?? Started!.Payload.Ordinal;

    public DateTimeOffset StartedAt => Finished?.Payload.StartedAt ?? Started!.Payload.StartedAt;

    public string TraceId => Finished is { TraceId.Length: > 0 } ? Finished.TraceId : Started?.TraceId ?? "";

    public SequencedEvent? First => Started?.Source;

    public SequencedEvent? Second => Finished?.Source;
}
