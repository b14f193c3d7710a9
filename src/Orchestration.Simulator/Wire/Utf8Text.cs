using System.Buffers;
using System.Text;

namespace Orchestration.Simulator.Wire;

/// <summary>Writes text straight into a response, as bytes of a JSON string where asked.</summary>
internal static class Utf8Text
{
    private const int LongestNumber = 20;

    private static readonly SearchValues<char> MustEscape =
        SearchValues.Create("\"\\" + string.Concat(Enumerable.Range(0, 32).Select(code => (char)code)));

    public static void WriteText(this IBufferWriter<byte> writer, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        var span = writer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        writer.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    public static void WriteNumber(this IBufferWriter<byte> writer, long number)
    {
        var span = writer.GetSpan(LongestNumber);
        System.Buffers.Text.Utf8Formatter.TryFormat(number, span, out var written);
        writer.Advance(written);
    }

    /// <summary>Writes a JSON string.</summary>
    public static void WriteString(this IBufferWriter<byte> writer, ReadOnlySpan<char> text)
    {
        writer.Write("\""u8);
        writer.WriteEscaped(text);
        writer.Write("\""u8);
    }

    /// <summary>Writes the inside of a JSON string.</summary>
    public static void WriteEscaped(this IBufferWriter<byte> writer, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(MustEscape);
            if (plain < 0)
            {
                writer.WriteText(text);
                return;
            }
            writer.WriteText(text[..plain]);
            Escape(writer, text[plain]);
            text = text[(plain + 1)..];
        }
    }

    private static void Escape(IBufferWriter<byte> writer, char letter)
    {
        switch (letter)
        {
            case '"': writer.Write("\\\""u8); break;
            case '\\': writer.Write("\\\\"u8); break;
            case '\n': writer.Write("\\n"u8); break;
            case '\r': writer.Write("\\r"u8); break;
            case '\t': writer.Write("\\t"u8); break;
            default: writer.WriteText($"\\u{(int)letter:x4}"); break;
        }
    }
}
