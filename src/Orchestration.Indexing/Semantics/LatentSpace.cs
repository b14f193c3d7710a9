using System.Numerics.Tensors;
using Orchestration.Indexing.Analysis;

namespace Orchestration.Indexing.Semantics;

/// <summary>What the space knows of a term: how much it says, and where it points.</summary>
internal readonly record struct LatentTerm(float Weight, ReadOnlyMemory<float> Direction);

/// <summary>Places texts in a latent-semantic space: the weighted sum of where their terms point, of unit length.</summary>
internal static class LatentSpace
{
    /// <summary>Name by which a collection pins the space of its own statistics as its embedder.</summary>
    public const string Model = "local/latent-semantic";

    /// <returns>The text's vector; null when the space knows none of its terms.</returns>
    public static float[]? Place(TermCounts text, IReadOnlyDictionary<string, LatentTerm> terms, int dimensions)
    {
        var sum = new float[dimensions];
        for (var i = 0; i < text.Terms.Length; i++)
        {
            if (terms.TryGetValue(text.Terms[i], out var term))
                TensorPrimitives.MultiplyAdd(term.Direction.Span, Damped(text.Counts[i]) * term.Weight, sum, sum);
        }

        var length = TensorPrimitives.Norm<float>(sum);
        if (length == 0)
            return null;
        TensorPrimitives.Divide(sum, length, sum);
        return sum;
    }

    /// <summary>A term's tenth mention says less than its first.</summary>
    public static float Damped(int count) => 1 + MathF.Log(count);
}
