using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>What one batch tells about one request.</summary>
internal sealed class RequestRow(Guid id) : ILedgerRow
{
    public Guid Id { get; } = id;

    public Witness<RequestAdmitted>? Admitted { get; set; }

    public Witness<RequestCompleted>? Completed { get; set; }

    // What both witnesses tell is taken from the later one, here as in SQL, so that the order of arrival never shows.
    public LedgerDimensions Dimensions => Completed?.Payload.Dimensions ?? Admitted!.Payload.Dimensions;

    public string RequestedModel => Completed?.Payload.RequestedModel ?? Admitted!.Payload.RequestedModel;

    public bool Streamed => Completed?.Payload.Streamed ?? Admitted!.Payload.Streamed;

    public bool Simulated => Completed?.Payload.Simulated ?? Admitted!.Payload.Simulated;

    public string TraceId => Completed is { TraceId.Length: > 0 } ? Completed.TraceId : Admitted?.TraceId ?? "";

    public SequencedEvent? First => Admitted?.Source;

    public SequencedEvent? Second => Completed?.Source;
}
