using System.Buffers.Binary;
using System.Text;

namespace Orchestration.Gateway.Tests.Hardening;

/// <summary>Frames of HTTP/2, right and wrong ones.</summary>
internal static class Http2Frames
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;
    public const int HeadLength = 9;

    /// <summary>The first words of a client: the preface and its settings.</summary>
    public static readonly byte[] Opening = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeadLength + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeadLength));
        return frame;
    }

    /// <summary>A request without a body.</summary>
    public static byte[] Request(int stream, params (string Name, string Value)[] fields) =>
        Frame(Headers, EndStream | EndHeaders, stream, Encode(fields));

    /// <summary>Fields as literals that nobody needs to remember.</summary>
    public static byte[] Encode(params (string Name, string Value)[] fields) =>
        [.. fields.SelectMany(field => (byte[])[0, .. Text(field.Name), .. Text(field.Value)])];

    private static byte[] Text(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        // Seven bits of length, and what is more in groups of seven.
        var length = new List<byte> { (byte)Math.Min(bytes.Length, 127) };
        if (bytes.Length >= 127)
        {
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest /= 128)
                length.Add((byte)((rest % 128) + 128));
            length.Add((byte)rest);
        }

        return [.. length, .. bytes];
    }
}
