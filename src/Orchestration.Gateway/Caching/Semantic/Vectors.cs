namespace Orchestration.Gateway.Caching.Semantic;

internal static class Vectors
{
    /// <summary>Brings a vector to length 1, in place; zeros stay zeros.</summary>
    public static float[] ToUnit(float[] vector)
    {
        var square = 0f;
        foreach (var value in vector)
            square += value * value;
        if (square == 0)
            return vector;
        var length = MathF.Sqrt(square);
        for (var i = 0; i < vector.Length; i++)
            vector[i] /= length;
        return vector;
    }
}
