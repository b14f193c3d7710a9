using System.Numerics.Tensors;
using Orchestration.Indexing.Analysis;

namespace Orchestration.Indexing.Semantics;

/// <summary>What a trial says of an index's vectors.</summary>
/// <param name="Weight">Share that they may have in a hybrid score; 0 when they have not earned one.</param>
/// <param name="UsualSimilarity">Mean similarity of two chunks taken at random.</param>
/// <param name="Threshold">Similarity that one in a hundred such pairs reaches.</param>
/// <param name="Agreement">Share of a chunk's nearest neighbours by vector that are among its nearest by words.</param>
internal sealed record TrialResult(double Weight, double UsualSimilarity, double Threshold, double Agreement)
{
    public static TrialResult NotYet { get; } = new(0, 0, 0, 0);
}

/// <summary>
/// Finds out whether vectors say anything about the texts, without a single judged query: what lies near by vector must lie near by
/// words far more often than chance would have it.
/// </summary>
internal static class VectorTrial
{
    /// <summary>With fewer chunks there is nothing to measure, and nothing that words would not find.</summary>
    public const int FewestChunks = 64;

    /// <summary>Chunks that a trial looks at.</summary>
    public const int SampleSize = 500;

    /// <summary>The weight at which public collections in English and Chinese gain most without one of them losing half a point.</summary>
    public const double EarnedWeight = 0.8;

    private const int Neighbours = 10;

    // Vectors that know nothing agree as often as chance; useful ones ten times as often and more.
    private const double TimesChance = 4;

    public static TrialResult Run(IReadOnlyList<(TermCounts Terms, ReadOnlyMemory<float> Vector)> sample)
    {
        if (sample.Count < FewestChunks)
            return TrialResult.NotYet;

        var words = WordSimilarities(sample);
        var vectors = VectorSimilarities(sample);
        var agreement = Enumerable.Range(0, sample.Count).Average(chunk => Agreement(words, vectors, chunk, sample.Count));
        var chance = (double)Neighbours / (sample.Count - 1);

        var pairs = Pairs(vectors, sample.Count);
        return new TrialResult(
            agreement > TimesChance * chance ? EarnedWeight : 0, pairs.Average(), pairs[(int)(pairs.Length * 0.99)], agreement);
    }

    private static double Agreement(float[] words, float[] vectors, int chunk, int count) =>
        (double)Nearest(words, chunk, count).Intersect(Nearest(vectors, chunk, count)).Count() / Neighbours;

    private static int[] Nearest(float[] similarities, int chunk, int count)
    {
        var row = similarities.AsSpan(chunk * count, count).ToArray();
        // Not itself.
        row[chunk] = float.NegativeInfinity;
        return [.. Enumerable.Range(0, count).OrderByDescending(other => row[other]).Take(Neighbours)];
    }

    private static float[] VectorSimilarities(IReadOnlyList<(TermCounts Terms, ReadOnlyMemory<float> Vector)> sample)
    {
        var similarities = new float[sample.Count * sample.Count];
        for (var i = 0; i < sample.Count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var similarity = TensorPrimitives.CosineSimilarity(sample[i].Vector.Span, sample[j].Vector.Span);
                similarities[(i * sample.Count) + j] = similarities[(j * sample.Count) + i] = float.IsFinite(similarity) ? similarity : 0;
            }
        }

        return similarities;
    }

    /// <summary>Cosine similarities of the chunks' tf-idf.</summary>
    private static float[] WordSimilarities(IReadOnlyList<(TermCounts Terms, ReadOnlyMemory<float> Vector)> sample)
    {
        var postings = new Dictionary<string, List<(int Chunk, float Weight)>>(StringComparer.Ordinal);
        for (var chunk = 0; chunk < sample.Count; chunk++)
        {
            var (terms, _) = sample[chunk];
            for (var i = 0; i < terms.Terms.Length; i++)
            {
                if (!postings.TryGetValue(terms.Terms[i], out var list))
                    postings.Add(terms.Terms[i], list = []);
                list.Add((chunk, LatentSpace.Damped(terms.Counts[i])));
            }
        }

        var products = new float[sample.Count * sample.Count];
        foreach (var list in postings.Values)
        {
            var idf = MathF.Log(1 + ((float)sample.Count / list.Count));
            foreach (var (one, weight) in list)
            {
                foreach (var (other, otherWeight) in list)
                    products[(one * sample.Count) + other] += weight * otherWeight * idf * idf;
            }
        }

        Normalise(products, sample.Count);
        return products;
    }

    private static void Normalise(float[] products, int count)
    {
        var lengths = Enumerable.Range(0, count).Select(i => MathF.Max(MathF.Sqrt(products[(i * count) + i]), float.Epsilon)).ToArray();
        for (var i = 0; i < products.Length; i++)
            products[i] /= lengths[i / count] * lengths[i % count];
    }

    /// <summary>Similarities of all pairs, lowest first.</summary>
    private static float[] Pairs(float[] similarities, int count)
    {
        var pairs = new List<float>(count * (count - 1) / 2);
        for (var i = 1; i < count; i++)
            pairs.AddRange(similarities.AsSpan(i * count, i));
        pairs.Sort();
        return [.. pairs];
    }
}
