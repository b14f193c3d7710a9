using System.Text;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols;

/// <summary>Measures text and estimates its tokens without a tokenizer.</summary>
public static class TextMeasure
{
    /// <summary>Size of a text.</summary>
    public static TextSize Measure(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
            return new TextSize(text.Length, 0, text.Length);

        long bytes = 0, cjk = 0, other = 0;
        foreach (var rune in text.EnumerateRunes())
            Count(rune, ref bytes, ref cjk, ref other);
        return new TextSize(bytes, cjk, other);
    }

    /// <summary>Size of a UTF-8 text.</summary>
    public static TextSize MeasureUtf8(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
            return new TextSize(text.Length, 0, text.Length);

        long bytes = 0, cjk = 0, other = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            Count(rune, ref bytes, ref cjk, ref other);
            text = text[consumed..];
        }

        return new TextSize(bytes, cjk, other);
    }

    /// <summary>Size of a whole request: messages, tools, schemas.</summary>
    public static TextSize Measure(ChatRequest request)
    {
        var size = new TextSize(0, 0, 0, request.Messages.Count);
        foreach (var message in request.Messages)
        {
            size += Measure(message.Name) + Measure(message.Extensions);
            foreach (var part in message.Parts)
                size += Measure(part);
        }

        foreach (var tool in request.Tools)
            size += Measure(tool.Name) + Measure(tool.Description) + Measure(tool.Parameters) + Measure(tool.Extensions);

        return request.ResponseFormat is { } format
            ? size + Measure(format.SchemaName) + Measure(format.SchemaDescription) + Measure(format.Schema)
            : size;
    }

    /// <summary>Best estimate of the tokens of a text for a model; what settles a request whose provider reported no usage.</summary>
    public static long EstimateTokens(TextSize size, string model) => TokenFamily.Of(model).Estimate(size);

    /// <summary>Number of tokens that a text will hardly pass; what a request reserves.</summary>
    public static long UpperBoundTokens(TextSize size, string model) => TokenFamily.Of(model).UpperBound(size);

    private static TextSize Measure(Part part)
    {
        var size = Measure(part.Extensions);
        return size + part.ContentCase switch
        {
            Part.ContentOneofCase.Text => Measure(part.Text.Text_),
            Part.ContentOneofCase.Refusal => Measure(part.Refusal.Text),
            Part.ContentOneofCase.Reasoning => Measure(part.Reasoning.Text),
            Part.ContentOneofCase.ToolCall => Measure(part.ToolCall.Name) + Measure(part.ToolCall.Arguments),
            Part.ContentOneofCase.ToolResult => part.ToolResult.Parts.Aggregate(default(TextSize), (sum, inner) => sum + Measure(inner)),
            Part.ContentOneofCase.Image or Part.ContentOneofCase.File or Part.ContentOneofCase.Audio => new TextSize(0, 0, 0, 0, 1),
            _ => default,
        };
    }

    private static void Count(Rune rune, ref long bytes, ref long cjk, ref long other)
    {
        bytes += rune.Utf8SequenceLength;
        if (IsCjk(rune.Value))
            cjk++;
        else
            other++;
    }

    private static bool IsCjk(int value) => value >= 0x1100 && value switch
    {
        <= 0x11FF => true,
        < 0x2E80 => false,
        <= 0xA4CF => true,
        < 0xAC00 => false,
        <= 0xD7FF => true,
        < 0xF900 => false,
        <= 0xFAFF => true,
        < 0xFE30 => false,
        <= 0xFE4F => true,
        < 0xFF00 => false,
        <= 0xFFEF => true,
        < 0x20000 => false,
        <= 0x3FFFF => true,
        _ => false,
    };
}
