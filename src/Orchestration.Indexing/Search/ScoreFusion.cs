namespace Orchestration.Indexing.Search;

/// <summary>A chunk with what each side says of it, and the score that follows.</summary>
internal readonly record struct RankedChunk(int Chunk, double Score, double Text, double? Similarity);

/// <summary>Fuses the two sides by weight.</summary>
/// <param name="Weight">Most that the vector side counts, 0 to 1.</param>
/// <param name="UsualSimilarity">Similarity of chunks that have nothing to do with each other: zero of the vector side's scale.</param>
/// <param name="Threshold">Similarity that a chunk without any term of the query must pass.</param>
internal sealed record ScoreFusion(double Weight, double UsualSimilarity, double Threshold)
{
    // How deep into the ranking by text one looks to see whether it has a favourite.
    private const int Depth = 10;

    // Above one, a lead in words counts for more near the top than among the also-rans.
    private const double Lead = 1.5;

    /// <param name="text">Text scores of all chunks that hold a term of the query.</param>
    /// <param name="similarities">Similarities of the candidates.</param>
    /// <param name="candidates">Chunks to rank.</param>
    public IEnumerable<RankedChunk> Rank(
        IReadOnlyDictionary<int, double> text, IReadOnlyDictionary<int, double> similarities, IEnumerable<int> candidates)
    {
        var all = candidates.ToList();
        var (best, weight) = Confidence(text, Math.Min(Depth, all.Count));
        return all
            .Select(chunk => (Chunk: chunk, Text: text.GetValueOrDefault(chunk), Similarity: similarities.TryGetValue(chunk, out var known) ? known : (double?)null))
            .Where(chunk => chunk.Text > 0 || chunk.Similarity >= Threshold)
            .Select(chunk => new RankedChunk(
                chunk.Chunk, ((1 - weight) * (best > 0 ? Math.Pow(chunk.Text / best, Lead) : 0)) + (weight * Scaled(chunk.Similarity)), chunk.Text, chunk.Similarity))
            .OrderByDescending(chunk => chunk.Score).ThenBy(chunk => chunk.Chunk);
    }

    // Where one passage stands out by its words, or few hold any of them, the words are right: the vectors' say grows as the scores lie closer together.
    private (double Best, double Weight) Confidence(IReadOnlyDictionary<int, double> text, int depth)
    {
        var top = Highest(text.Values, depth);
        return top.Count == 0 ? (0, Weight) : (top[0], Weight * top[^1] / top[0] * top.Count / depth);
    }

    private double Scaled(double? similarity) => Math.Max(0, ((similarity ?? 0) - UsualSimilarity) / (1 - UsualSimilarity));

    private static List<double> Highest(IEnumerable<double> scores, int count)
    {
        var highest = new PriorityQueue<double, double>(count + 1);
        foreach (var score in scores)
        {
            if (highest.Count < count)
                highest.Enqueue(score, score);
            else if (score > highest.Peek())
                highest.EnqueueDequeue(score, score);
        }

        return [.. highest.UnorderedItems.Select(item => item.Element).OrderDescending()];
    }
}
