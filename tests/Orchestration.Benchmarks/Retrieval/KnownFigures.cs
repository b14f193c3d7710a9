namespace Orchestration.Benchmarks.Retrieval;

/// <summary>What is known of a public collection: nDCG@10 of plain BM25 on the full set, and what a hybrid search without a neural embedder must reach.</summary>
/// <param name="Text">BM25 on the full set.</param>
/// <param name="IsWhole">Whether the folder holds the full set; of a part, the interval must reach the figure.</param>
/// <param name="Hybrid">Bar of the hybrid search.</param>
internal sealed record KnownFigures(double Text, bool IsWhole, double? Hybrid = null)
{
    private static readonly Dictionary<string, KnownFigures> Sets = new()
    {
        ["scifact"] = new(0.677, false),
        ["cranfield"] = new(0.433, true, 0.46),
        ["rgb-zh-news"] = new(0.691, false, 0.71),
        ["cmrc2018"] = new(0.982, true),
        ["xquad-en"] = new(0.970, true),
        ["xquad-zh"] = new(0.967, true),
    };

    public static KnownFigures? Of(string set) => Sets.GetValueOrDefault(set);
}
