using System.Numerics.Tensors;

namespace Orchestration.Indexing.Semantics;

/// <summary>A sparse matrix by rows: row r holds Columns and Values from Starts[r] up to Starts[r + 1].</summary>
internal sealed record SparseRows(int[] Starts, int[] Columns, float[] Values, int Width)
{
    public int Height => Starts.Length - 1;

    /// <summary>This matrix times a dense one of <see cref="Width"/> rows of <paramref name="width"/> numbers each.</summary>
    public float[] Times(float[] dense, int width)
    {
        var product = new float[Height * width];
        for (var row = 0; row < Height; row++)
        {
            var sum = product.AsSpan(row * width, width);
            for (var i = Starts[row]; i < Starts[row + 1]; i++)
                TensorPrimitives.MultiplyAdd(dense.AsSpan(Columns[i] * width, width), Values[i], sum, sum);
        }

        return product;
    }

    public SparseRows Transposed()
    {
        var starts = new int[Width + 1];
        foreach (var column in Columns)
            starts[column + 1]++;
        for (var i = 0; i < Width; i++)
            starts[i + 1] += starts[i];

        var next = starts[..Width];
        var (columns, values) = (new int[Columns.Length], new float[Values.Length]);
        for (var row = 0; row < Height; row++)
        {
            for (var i = Starts[row]; i < Starts[row + 1]; i++)
            {
                var place = next[Columns[i]]++;
                (columns[place], values[place]) = (row, Values[i]);
            }
        }

        return new SparseRows(starts, columns, values, Height);
    }
}
