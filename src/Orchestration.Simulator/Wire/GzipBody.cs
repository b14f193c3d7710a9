using System.IO.Compression;
using System.IO.Pipelines;
using Orchestration.Simulator.Journal;

namespace Orchestration.Simulator.Wire;

/// <summary>An answer that is compressed, flush by flush.</summary>
internal sealed class GzipBody(PipeWriter writer, JournalEntry entry) : ResponseBody(entry), IAsyncDisposable
{
    private readonly System.Buffers.ArrayBufferWriter<byte> _plain = new();
    private readonly GZipStream _gzip = new(writer.AsStream(leaveOpen: true), CompressionLevel.Fastest);

    public override void Advance(int count)
    {
        _plain.Advance(count);
        Pending += count;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _plain.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _plain.GetSpan(sizeHint);

    public override async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        await _gzip.WriteAsync(_plain.WrittenMemory, cancellationToken);
        await _gzip.FlushAsync(cancellationToken);
        Entry.BytesSent += _plain.WrittenCount;
        _plain.ResetWrittenCount();
        Pending = 0;
        return !cancellationToken.IsCancellationRequested;
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!await FlushAsync(cancellationToken))
            Entry.Outcome = JournalOutcome.Aborted;
        await DisposeAsync();
        await writer.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _gzip.DisposeAsync();
}
