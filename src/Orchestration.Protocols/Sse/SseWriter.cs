using System.Buffers;
using System.Text;

namespace Orchestration.Protocols.Sse;

/// <summary>Writes server-sent events with LF line ends.</summary>
public static class SseWriter
{
    /// <summary>Writes one event; line breaks in <paramref name="data"/> become further data lines.</summary>
    public static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
    {
        WriteLines(output, "data: "u8, data);
        output.Write("\n"u8);
    }

    /// <summary>Writes one event with its type.</summary>
    public static void WriteData(IBufferWriter<byte> output, string eventType, ReadOnlySpan<byte> data)
    {
        output.Write("event: "u8);
        Encoding.UTF8.GetBytes(eventType, output);
        output.Write("\n"u8);
        WriteData(output, data);
    }

    /// <summary>Writes one comment and a blank line.</summary>
    public static void WriteComment(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        WriteLines(output, ": "u8, text);
        output.Write("\n"u8);
    }

    /// <summary>Writes OpenAI's end marker, <c>data: [DONE]</c>.</summary>
    public static void WriteDone(IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);

    private static void WriteLines(IBufferWriter<byte> output, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            output.Write(prefix);
            var end = text.IndexOfAny((byte)'\n', (byte)'\r');
            output.Write(end < 0 ? text : text[..end]);
            output.Write("\n"u8);
            if (end < 0)
                return;

            var isPair = text[end] == (byte)'\r' && end + 1 < text.Length && text[end + 1] == (byte)'\n';
            text = text[(end + (isPair ? 2 : 1))..];
        }
    }
}
