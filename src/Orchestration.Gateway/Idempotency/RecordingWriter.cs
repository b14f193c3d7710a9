using System.Buffers;
using System.IO.Pipelines;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Collects what is written and hands it on with every flush.</summary>
internal sealed class RecordingWriter(Func<ReadOnlyMemory<byte>, ValueTask> flush) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _pending = new();

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _pending.WrittenCount;

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await flush(_pending.WrittenMemory);
        _pending.ResetWrittenCount();
        return new FlushResult(isCanceled: false, isCompleted: false);
    }

    public override void CancelPendingFlush()
    {
        // A flush waits for nothing that could be called off here.
    }

    public override void Complete(Exception? exception = null)
    {
        // The answer ends with its request.
    }
}
