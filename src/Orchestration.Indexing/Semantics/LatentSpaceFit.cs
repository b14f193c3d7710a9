using Orchestration.Indexing.Analysis;

namespace Orchestration.Indexing.Semantics;

/// <summary>A fitted space: its terms, in ordinal order, and for each a direction of <see cref="Dimensions"/> numbers.</summary>
internal sealed record FittedSpace(string[] Terms, float[] Weights, float[] Directions, int Dimensions)
{
    public float[] Direction(int term) => Directions[(term * Dimensions)..((term + 1) * Dimensions)];

    public Dictionary<string, LatentTerm> Lookup()
    {
        var lookup = new Dictionary<string, LatentTerm>(Terms.Length, StringComparer.Ordinal);
        for (var i = 0; i < Terms.Length; i++)
            lookup.Add(Terms[i], new LatentTerm(Weights[i], Directions.AsMemory(i * Dimensions, Dimensions)));
        return lookup;
    }
}

/// <summary>Computes a collection's latent-semantic space from the terms of its chunks: tf-idf, then the strongest singular vectors.</summary>
internal static class LatentSpaceFit
{
    public static FittedSpace? Compute(IReadOnlyList<TermCounts> chunks, int dimensions, int maxTerms, CancellationToken cancellationToken)
    {
        var (terms, weights) = ChooseTerms(chunks, maxTerms);
        if (terms.Length == 0)
            return null;

        var (vectors, values) = TruncatedSvd.Compute(Weighted(chunks, terms, weights), dimensions, cancellationToken);
        return new FittedSpace(terms, weights, vectors, values.Length);
    }

    /// <summary>Terms of at least two chunks; where there are too many, those of the most chunks.</summary>
    private static (string[] Terms, float[] Weights) ChooseTerms(IReadOnlyList<TermCounts> chunks, int maxTerms)
    {
        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var term in chunks.SelectMany(chunk => chunk.Terms))
            frequencies[term] = frequencies.GetValueOrDefault(term) + 1;

        var chosen = frequencies.Where(entry => entry.Value > 1)
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(maxTerms)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToArray();
        return ([.. chosen.Select(entry => entry.Key)], [.. chosen.Select(entry => MathF.Log(1 + (chunks.Count / (float)entry.Value)))]);
    }

    private static SparseRows Weighted(IReadOnlyList<TermCounts> chunks, string[] terms, float[] weights)
    {
        var places = new Dictionary<string, int>(terms.Length, StringComparer.Ordinal);
        for (var i = 0; i < terms.Length; i++)
            places.Add(terms[i], i);

        var (starts, columns, values) = (new List<int>(chunks.Count + 1) { 0 }, new List<int>(), new List<float>());
        foreach (var chunk in chunks)
        {
            for (var i = 0; i < chunk.Terms.Length; i++)
            {
                if (!places.TryGetValue(chunk.Terms[i], out var column))
                    continue;
                columns.Add(column);
                values.Add(LatentSpace.Damped(chunk.Counts[i]) * weights[column]);
            }

            Normalise(values, starts[^1]);
            starts.Add(values.Count);
        }

        return new SparseRows([.. starts], [.. columns], [.. values], terms.Length);
    }

    // Long chunks must not draw the space to themselves.
    private static void Normalise(List<float> values, int start)
    {
        var square = 0f;
        for (var i = start; i < values.Count; i++)
            square += values[i] * values[i];
        var length = MathF.Sqrt(square);
        for (var i = start; i < values.Count && length > 0; i++)
            values[i] /= length;
    }
}
