using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Embeddings;

/// <summary>
/// Turns text into a unit vector so that similar texts get similar vectors: words, letter trigrams and Chinese bigrams, each
/// projected to a few signed dimensions by its hash.
/// </summary>
internal static class TextVector
{
    private const int Projections = 6;
    private const float WordWeight = 2f;
    private const float PartWeight = 0.7f;

    public static float[] Of(string text, int dimensions)
    {
        var counts = new Dictionary<ulong, float>();
        Collect(text.ToLowerInvariant(), counts);
        // A text without any feature still needs a direction of its own.
        if (counts.Count == 0)
            Add(counts, text, 1);
        var vector = new float[dimensions];
        foreach (var (feature, weight) in counts)
            Project(vector, feature, MathF.Sqrt(weight));
        var length = MathF.Sqrt(SumOfSquares(vector));
        if (length == 0)
            vector[0] = length = 1;
        for (var i = 0; i < vector.Length; i++)
            vector[i] /= length;
        return vector;
    }

    private static void Collect(ReadOnlySpan<char> text, Dictionary<ulong, float> counts)
    {
        var position = 0;
        while (position < text.Length)
        {
            var start = position;
            if (TokenScanner.IsCjk(text[position]))
            {
                while (position < text.Length && TokenScanner.IsCjk(text[position]))
                    position++;
                CollectRun(text[start..position], 2, counts);
            }
            else if (char.IsLetterOrDigit(text[position]))
            {
                while (position < text.Length && char.IsLetterOrDigit(text[position]) && !TokenScanner.IsCjk(text[position]))
                    position++;
                Add(counts, text[start..position], WordWeight);
                CollectRun(text[start..position], 3, counts);
            }
            else
            {
                position++;
            }
        }
    }

    private static void CollectRun(ReadOnlySpan<char> run, int size, Dictionary<ulong, float> counts)
    {
        if (size == 2 && run.Length == 1)
            Add(counts, run, 1);
        for (var i = 0; i + size <= run.Length; i++)
            Add(counts, run.Slice(i, size), size == 2 ? 1 : PartWeight);
    }

    private static void Add(Dictionary<ulong, float> counts, ReadOnlySpan<char> feature, float weight)
    {
        var hash = new StableHash();
        hash.Add(feature);
        counts[hash.Value] = counts.GetValueOrDefault(hash.Value) + weight;
    }

    private static void Project(float[] vector, ulong feature, float weight)
    {
        var random = new StableRandom(feature);
        for (var i = 0; i < Projections; i++)
        {
            var draw = random.Next();
            vector[(int)((draw >> 1) % (ulong)vector.Length)] += (draw & 1) == 0 ? weight : -weight;
        }
    }

    private static float SumOfSquares(float[] vector)
    {
        var sum = 0f;
        foreach (var value in vector)
            sum += value * value;
        return sum;
    }
}
