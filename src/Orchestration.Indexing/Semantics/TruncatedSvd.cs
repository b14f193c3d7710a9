using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Orchestration.Indexing.Semantics;

/// <summary>
/// The strongest right singular vectors of a sparse matrix, by randomised subspace iteration. The same matrix always gives the
/// same vectors: the start is seeded and every sum has a fixed order.
/// </summary>
internal static class TruncatedSvd
{
    private const int Rounds = 4;

    // Directions beyond those asked for, which make the last ones converge.
    private const int Spare = 24;

    // A direction whose square is less than this share of the strongest one's is not there.
    private const double Weakest = 1e-13;

    /// <returns>One row per column of the matrix with at most <paramref name="rank"/> numbers, and the singular values, strongest first.</returns>
    public static (float[] Vectors, float[] Values) Compute(SparseRows matrix, int rank, CancellationToken cancellationToken)
    {
        var transposed = matrix.Transposed();
        var width = Math.Min(rank + Spare, Math.Min(matrix.Height, matrix.Width));
        var basis = RandomBasis(matrix.Height, width);
        for (var round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            basis = matrix.Times(transposed.Times(basis, width), width);
            (basis, var lengths) = Orthonormal(basis, width, width);
            width = lengths.Length;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Orthonormal(transposed.Times(basis, width), width, rank);
    }

    private static float[] RandomBasis(int height, int width)
    {
        var random = new Random(1);
        var basis = new float[height * width];
        for (var i = 0; i < basis.Length; i++)
            basis[i] = random.NextSingle() - 0.5f;
        return basis;
    }

    /// <summary>The principal directions of the dense matrix's columns, of unit length, and the lengths that they had, longest first.</summary>
    private static (float[] Directions, float[] Lengths) Orthonormal(float[] dense, int width, int most)
    {
        var (rotation, lengths) = Principal(Gram(dense, width), width, most);
        return (Rotate(dense, width, rotation, lengths.Length), lengths);
    }

    /// <summary>The dense matrix's transpose times itself.</summary>
    private static double[] Gram(float[] dense, int width)
    {
        var gram = new double[width * width];
        var row = new double[width];
        for (var start = 0; start < dense.Length; start += width)
        {
            TensorPrimitives.ConvertTruncating<float, double>(dense.AsSpan(start, width), row);
            for (var i = 0; i < width; i++)
            {
                var sum = gram.AsSpan((i * width) + i, width - i);
                TensorPrimitives.MultiplyAdd(row.AsSpan(i), row[i], sum, sum);
            }
        }

        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < i; j++)
                gram[(i * width) + j] = gram[(j * width) + i];
        }

        return gram;
    }

    private static (float[] Rotation, float[] Lengths) Principal(double[] gram, int width, int most)
    {
        var eigen = Matrix<double>.Build.Dense(width, width, gram).Evd(Symmetricity.Symmetric);
        var strongest = eigen.EigenValues[width - 1].Real;
        var lengths = Enumerable.Range(1, Math.Min(most, width))
            .Select(i => eigen.EigenValues[width - i].Real)
            .TakeWhile(value => value > strongest * Weakest)
            .Select(value => (float)Math.Sqrt(value))
            .ToArray();
        var rotation = new float[width * lengths.Length];
        for (var row = 0; row < width; row++)
        {
            for (var column = 0; column < lengths.Length; column++)
                rotation[(row * lengths.Length) + column] = (float)(eigen.EigenVectors[row, width - 1 - column] / lengths[column]);
        }

        return (rotation, lengths);
    }

    private static float[] Rotate(float[] dense, int width, float[] rotation, int count)
    {
        var rotated = new float[dense.Length / width * count];
        for (var (from, to) = (0, 0); from < dense.Length; from += width, to += count)
        {
            var sum = rotated.AsSpan(to, count);
            for (var i = 0; i < width; i++)
                TensorPrimitives.MultiplyAdd(rotation.AsSpan(i * count, count), dense[from + i], sum, sum);
        }

        return rotated;
    }
}
