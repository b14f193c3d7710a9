using System.Buffers;
using Orchestration.Simulator.Journal;

namespace Orchestration.Simulator.Wire;

/// <summary>Where an answer is written: to the server as usual, or to the bare socket when a fault asks for exact bytes.</summary>
internal abstract class ResponseBody(JournalEntry entry) : IBufferWriter<byte>
{
    /// <summary>Bytes written since the last flush.</summary>
    public int Pending { get; protected set; }

    protected JournalEntry Entry { get; } = entry;

    public abstract void Advance(int count);

    public abstract Memory<byte> GetMemory(int sizeHint = 0);

    public abstract Span<byte> GetSpan(int sizeHint = 0);

    /// <summary>Sends what is pending.</summary>
    /// <returns>False when nobody reads any more or a fault has ended the response.</returns>
    public abstract ValueTask<bool> FlushAsync(CancellationToken cancellationToken);

    /// <summary>Sends the rest and ends the response.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken);
}
