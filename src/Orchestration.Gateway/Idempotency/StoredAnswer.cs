using System.Buffers.Binary;

namespace Orchestration.Gateway.Idempotency;

/// <summary>A whole answer as it was sent.</summary>
internal sealed record StoredAnswer(AnswerHead Head, ReadOnlyMemory<byte> Body)
{
    /// <summary>Length of the head, head, body.</summary>
    public byte[] ToBytes()
    {
        var head = Head.ToBytes();
        var bytes = new byte[sizeof(int) + head.Length + Body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, head.Length);
        head.CopyTo(bytes, sizeof(int));
        Body.CopyTo(bytes.AsMemory(sizeof(int) + head.Length));
        return bytes;
    }

    public static StoredAnswer Parse(byte[] bytes)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return new StoredAnswer(AnswerHead.Parse(bytes.AsSpan(sizeof(int), length)), bytes.AsMemory(sizeof(int) + length));
    }
}
