using System.IO.Pipelines;
using Orchestration.Simulator.Journal;

namespace Orchestration.Simulator.Wire;

/// <summary>An answer that the server frames.</summary>
internal sealed class HttpBody(PipeWriter writer, JournalEntry entry) : ResponseBody(entry)
{
    public override void Advance(int count)
    {
        writer.Advance(count);
        Pending += count;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);

    public override async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var pending = Pending;
        Pending = 0;
        var result = await writer.FlushAsync(cancellationToken);
        Entry.BytesSent += pending;
        return !result.IsCompleted && !result.IsCanceled;
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (!await FlushAsync(cancellationToken))
            Entry.Outcome = JournalOutcome.Aborted;
    }
}
