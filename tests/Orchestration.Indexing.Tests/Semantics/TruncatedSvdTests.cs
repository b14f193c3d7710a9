using Orchestration.Indexing.Semantics;

namespace Orchestration.Indexing.Tests.Semantics;

public sealed class TruncatedSvdTests
{
    // Two themes of three columns each, the first one stronger.
    private static readonly SparseRows TwoThemes = Dense(
        [3, 3, 3, 0, 0, 0],
        [3, 3, 3, 0, 0, 0],
        [0, 0, 0, 1, 1, 1],
        [0, 0, 0, 2, 2, 2]);

    [Fact]
    public void Strongest_directions_come_first()
    {
        var (vectors, values) = TruncatedSvd.Compute(TwoThemes, 2, TestContext.Current.CancellationToken);

        values[0].ShouldBe(MathF.Sqrt(54), 1e-3f);
        values[1].ShouldBe(MathF.Sqrt(15), 1e-3f);
        for (var column = 0; column < 6; column++)
        {
            MathF.Abs(vectors[column * 2]).ShouldBe(column < 3 ? 1 / MathF.Sqrt(3) : 0, 1e-3f);
            MathF.Abs(vectors[(column * 2) + 1]).ShouldBe(column < 3 ? 0 : 1 / MathF.Sqrt(3), 1e-3f);
        }
    }

    [Fact]
    public void Directions_that_are_not_there_are_left_out() =>
        TruncatedSvd.Compute(TwoThemes, 4, TestContext.Current.CancellationToken).Values.Length.ShouldBe(2);

    [Fact]
    public void Same_matrix_gives_the_same_vectors()
    {
        var random = new Random(7);
        var matrix = Dense([.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 40).Select(_ => random.Next(4) == 0 ? random.NextSingle() : 0).ToArray())]);

        TruncatedSvd.Compute(matrix, 10, TestContext.Current.CancellationToken).Vectors
            .ShouldBe(TruncatedSvd.Compute(matrix, 10, TestContext.Current.CancellationToken).Vectors);
    }

    private static SparseRows Dense(params float[][] rows)
    {
        var cells = rows.Select(row => row.Select((value, column) => (value, column)).Where(cell => cell.value != 0).ToArray()).ToArray();
        int[] starts = [0, .. cells.Select((_, row) => cells.Take(row + 1).Sum(one => one.Length))];
        return new SparseRows(starts, [.. cells.SelectMany(row => row).Select(cell => cell.column)], [.. cells.SelectMany(row => row).Select(cell => cell.value)], rows[0].Length);
    }
}
