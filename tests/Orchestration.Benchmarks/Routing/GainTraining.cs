using Orchestration.Routing.Classification;

namespace Orchestration.Benchmarks.Routing;

/// <summary>
/// Ridge regression on the gain, solved by conjugate gradients: one thread, a fixed order and only additions, products and
/// roots, so that the same rows give the same bits everywhere.
/// </summary>
internal static class GainTraining
{
    private const int Steps = 40;
    private const int Folds = 5;
    private const double SimpleShare = 0.5;
    private const double ComplexFromShare = 0.85;

    public static double[] Fit(IReadOnlyList<GainRow> rows, double ridge)
    {
        var weights = new double[PromptFeatureWalk.Count];
        var residual = new double[weights.Length];
        foreach (var row in rows) AddTo(residual, row, row.Gain);
        var direction = (double[])residual.Clone();
        var norm = Dot(residual, residual);
        for (var step = 0; step < Steps && norm > 1e-12; step++)
        {
            var image = new double[weights.Length];
            foreach (var row in rows) AddTo(image, row, Score(direction, row));
            for (var i = 0; i < image.Length; i++) image[i] += ridge * direction[i];
            var length = norm / Dot(direction, image);
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] += length * direction[i];
                residual[i] -= length * image[i];
            }

            var next = Dot(residual, residual);
            for (var i = 0; i < direction.Length; i++) direction[i] = residual[i] + (next / norm * direction[i]);
            norm = next;
        }

        return weights;
    }

    public static double Score(double[] weights, GainRow row)
    {
        var sum = 0.0;
        foreach (var (place, value) in row.Features) sum += weights[place] * value;
        return sum;
    }

    /// <summary>Scores of every row by a model that did not see it.</summary>
    public static double[] ScoreUnseen(IReadOnlyList<GainRow> rows, double ridge)
    {
        var scores = new double[rows.Count];
        for (var fold = 0; fold < Folds; fold++)
        {
            var held = fold;
            var weights = Fit([.. rows.Where((_, i) => i % Folds != held)], ridge);
            for (var i = fold; i < rows.Count; i += Folds) scores[i] = Score(weights, rows[i]);
        }

        return scores;
    }

    /// <summary>The model to ship: weights scaled so that unseen rows gain what is predicted, classes parted by shares of unseen rows.</summary>
    public static GainModel Calibrate(double[] weights, IReadOnlyList<GainRow> rows, double[] unseen)
    {
        var slope = unseen.Select((score, i) => score * rows[i].Gain).Sum() / Dot(unseen, unseen);
        var sorted = unseen.Order().ToArray();
        return new GainModel(
            [.. weights.Select(weight => (float)(weight * slope))],
            (float)(slope * sorted[(int)(SimpleShare * sorted.Length)]),
            (float)(slope * sorted[(int)(ComplexFromShare * sorted.Length)]));
    }

    /// <summary>Rows less their set's mean: what a set gains as a whole says nothing about one prompt.</summary>
    public static List<GainRow> Centred(List<GainRow> rows)
    {
        var mean = rows.Average(row => row.Gain);
        return [.. rows.Select(row => row with { Gain = row.Gain - mean })];
    }

    private static void AddTo(double[] sums, GainRow row, double factor)
    {
        foreach (var (place, value) in row.Features) sums[place] += factor * value;
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
