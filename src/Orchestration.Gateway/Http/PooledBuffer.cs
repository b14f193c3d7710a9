using System.Buffers;

namespace Orchestration.Gateway.Http;

/// <summary>A growing buffer on rented arrays.</summary>
internal sealed class PooledBuffer(int capacity = PooledBuffer.InitialCapacity) : IBufferWriter<byte>, IDisposable
{
    private const int InitialCapacity = 4096;
    private byte[] _array = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, _length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - _length));
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(sizeHint);
        return _array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureFree(sizeHint);
        return _array.AsSpan(_length);
    }

    public void Dispose()
    {
        var array = _array;
        _array = [];
        _length = 0;
        // Prompts must not turn up in somebody else's buffer.
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array, clearArray: true);
    }

    private void EnsureFree(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed <= _array.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _array.Length * 2));
        _array.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array, clearArray: true);
        _array = larger;
    }
}
