using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Where a twin's answer goes: an HTTP response or a gRPC call.</summary>
internal interface IAnswerSink
{
    /// <summary>True once a part of an answer was sent, so that no other can be.</summary>
    public bool HasBegun { get; }

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken ClientGone { get; }

    /// <summary>Sends the next bytes of an answer.</summary>
    public Task SendAsync(AnswerHead head, ReadOnlyMemory<byte> bytes);

    /// <summary>Ends an answer that is not whole; the failure that is still to be told, or null.</summary>
    public Failure? BreakOff(Failure failure);
}
