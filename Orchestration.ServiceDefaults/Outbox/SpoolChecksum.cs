using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Tells whether a body on disk is the one that was written.</summary>
internal static class SpoolChecksum
{
    public static long Of(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        // Never so small that SQLite would write it in fewer than eight bytes.
        return (BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue) | (1L << 62);
    }
}
