using Orchestration.Protocols;

namespace Orchestration.Indexing.Chunking;

/// <summary>Tokens of a text for an embedder whose tokenizer is not known.</summary>
internal static class TokenEstimate
{
    public static long Of(ReadOnlySpan<char> text) => TextMeasure.EstimateTokens(TextMeasure.Measure(text), "");
}
