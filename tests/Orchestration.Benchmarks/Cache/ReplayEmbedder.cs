using Orchestration.Gateway.Caching.Semantic;
using Orchestration.Simulator.Embeddings;

namespace Orchestration.Benchmarks.Cache;

/// <summary>Where the vectors of a replay come from.</summary>
/// <param name="Name">As the command names it.</param>
/// <param name="Embed">The vector of a question.</param>
internal sealed record ReplayEmbedder(string Name, Func<QuestionText, TermStatistics, float[]> Embed)
{
    public static readonly ReplayEmbedder Lexical = new(LexicalEmbedder.Name, LexicalEmbedder.Embed);

    /// <summary>What a fresh checkout answers embeddings with.</summary>
    public static readonly ReplayEmbedder Simulator = new("simulator", (question, _) => TextVector.Of(question.Text, LexicalEmbedder.Dimensions));

    public static ReplayEmbedder Find(string name) => name switch
    {
        "lexical" => Lexical,
        "simulator" => Simulator,
        _ => throw new InvalidOperationException($"There is no embedder '{name}'."),
    };
}
