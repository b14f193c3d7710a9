namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>
/// Vectors without a model: words, characters, their pairs and letter trigrams, weighted by how rare they are in the partition's own traffic
/// and projected by their hashes. It costs nothing, and it knows of no synonym.
/// </summary>
internal static class LexicalEmbedder
{
    public const string Name = "lexical";
    public const int Dimensions = 384;

    private const int Projections = 3;
    private const float PairWeight = 0.7f;
    private const float TrigramWeight = 0.4f;

    public static float[] Embed(QuestionText question, TermStatistics statistics)
    {
        var vector = new float[Dimensions];
        Add(vector, question.Words, 1, statistics);
        Add(vector, question.Pairs, PairWeight, statistics);
        Add(vector, question.Trigrams, TrigramWeight, statistics);
        return Vectors.ToUnit(vector);
    }

    private static void Add(float[] vector, HashSet<uint> terms, float weight, TermStatistics statistics)
    {
        foreach (var term in terms)
        {
            var value = weight * statistics.WeightOf(term);
            var draw = (ulong)term;
            for (var i = 0; i < Projections; i++)
            {
                draw = Mix(draw);
                vector[(int)((draw >> 1) % Dimensions)] += (draw & 1) == 0 ? value : -value;
            }
        }
    }

    // SplitMix64.
    private static ulong Mix(ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
