using System.Buffers.Binary;
using System.Text;

namespace Orchestration.ServiceDefaults.Identity;

/// <summary>What a token says: version byte, two times in Unix milliseconds, three strings behind their length byte.</summary>
internal sealed record ServiceTokenPayload(
    string Service, string TenantId, string Purpose, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    private const byte Version = 1;
    private const int HeaderLength = 17;

    public byte[] Write()
    {
        var buffer = new byte[HeaderLength + 3 + (3 * byte.MaxValue)];
        buffer[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(buffer.AsSpan(1), IssuedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(buffer.AsSpan(9), ExpiresAt.ToUnixTimeMilliseconds());
        var position = HeaderLength;
        foreach (var text in (ReadOnlySpan<string>)[Service, TenantId, Purpose])
        {
            var length = Encoding.UTF8.GetByteCount(text);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, byte.MaxValue, nameof(text));
            buffer[position++] = (byte)length;
            position += Encoding.UTF8.GetBytes(text, buffer.AsSpan(position));
        }

        return buffer[..position];
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out ServiceTokenPayload content)
    {
        content = null!;
        if (payload.Length < HeaderLength || payload[0] != Version)
        {
            return false;
        }

        var issued = BinaryPrimitives.ReadInt64BigEndian(payload[1..]);
        var expires = BinaryPrimitives.ReadInt64BigEndian(payload[9..]);
        var rest = payload[HeaderLength..];
        if (!TryReadText(ref rest, out var service)
            || !TryReadText(ref rest, out var tenantId)
            || !TryReadText(ref rest, out var purpose)
            || !rest.IsEmpty)
        {
            return false;
        }

        content = new ServiceTokenPayload(service, tenantId, purpose,
            DateTimeOffset.FromUnixTimeMilliseconds(issued), DateTimeOffset.FromUnixTimeMilliseconds(expires));
        return true;
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.IsEmpty || rest.Length < rest[0] + 1)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(rest.Slice(1, rest[0]));
        rest = rest[(rest[0] + 1)..];
        return true;
    }
}
