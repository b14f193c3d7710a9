using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.Capture;

/// <summary>Prompts and answers on their way to the database. No request ever waits for it: what cannot be taken is counted and not kept.</summary>
internal sealed class PayloadCapture(GatewayTelemetry telemetry, IOptions<CaptureOptions> options, TimeProvider timeProvider)
{
    private readonly Channel<CapturedPayload> _queue = Channel.CreateUnbounded<CapturedPayload>(new UnboundedChannelOptions { SingleReader = true });
    private long _queuedBytes;

    public ChannelReader<CapturedPayload> Queue => _queue.Reader;

    /// <summary>Begins to record a request; null when its tenant keeps none.</summary>
    public PayloadRecording? Begin(AdmittedRequest request, ChatRequest chat) =>
        request.CaptureDays > 0 ? new PayloadRecording(this, request, chat, options.Value.MaxBytes, timeProvider) : null;

    public void Keep(CapturedPayload payload)
    {
        var bytes = payload.CalculateSize();
        if (bytes > options.Value.MaxBytes)
        {
            TooLarge();
        }
        else if (Interlocked.Add(ref _queuedBytes, bytes) > options.Value.MaxQueuedBytes || !_queue.Writer.TryWrite(payload))
        {
            Interlocked.Add(ref _queuedBytes, -bytes);
            telemetry.Captured("queue_full");
        }
    }

    public void TooLarge() => telemetry.Captured("too_large");

    /// <summary>One that was taken from the queue is written, or never will be.</summary>
    public void Done(CapturedPayload payload, bool kept)
    {
        Interlocked.Add(ref _queuedBytes, -payload.CalculateSize());
        telemetry.Captured(kept ? "kept" : "refused");
    }
}
