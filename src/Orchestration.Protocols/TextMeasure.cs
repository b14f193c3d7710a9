using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols;

/// <summary>Measures text and estimates its tokens without a tokenizer.</summary>
public static class TextMeasure
{
    /// <summary>Size of a text.</summary>
    public static TextSize Measure(ReadOnlySpan<char> text) => throw new NotImplementedException();

    /// <summary>Size of a UTF-8 text.</summary>
    public static TextSize MeasureUtf8(ReadOnlySpan<byte> text) => throw new NotImplementedException();

    /// <summary>Size of a whole request: messages, tools, schemas.</summary>
    public static TextSize Measure(ChatRequest request) => throw new NotImplementedException();

    /// <summary>Best estimate of the tokens of a text for a model; what settles a request whose provider reported no usage.</summary>
    public static long EstimateTokens(TextSize size, string model) => throw new NotImplementedException();

    /// <summary>Number of tokens that a text will hardly pass; what a request reserves.</summary>
    public static long UpperBoundTokens(TextSize size, string model) => throw new NotImplementedException();
}
