using Orchestration.Indexing.Chunking;

namespace Orchestration.Benchmarks.Chunking;

/// <summary>The baseline: a cut every so many characters, wherever it falls.</summary>
internal static class FixedCuts
{
    public static List<TextPiece> Split(string text, int characters) =>
        [.. Enumerable.Range(0, (text.Length + characters - 1) / characters).Select(i => new TextPiece(i * characters, Math.Min(text.Length, (i + 1) * characters), ""))];
}
