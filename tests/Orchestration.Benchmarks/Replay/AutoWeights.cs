namespace Orchestration.Benchmarks.Replay;

/// <summary>Weights of the route auto: what quality may cost, found on rows that are not replayed.</summary>
/// <param name="Quality">Of the quality term.</param>
/// <param name="Economy">Of the economy term.</param>
internal sealed record AutoWeights(int Quality, int Economy)
{
    public const int Health = 20;
    public const int Limits = 5;
    private const int Whole = 100;
    private const double DecadesOfExpense = 2;

    /// <summary>The weights that would have been cheapest among those that keep a part of the strong model's quality; where none does, those with the best quality.</summary>
    /// <param name="known">Rows with their class.</param>
    /// <param name="models">All models.</param>
    /// <param name="strong">The one to compare with.</param>
    /// <param name="priors">What is expected of a model by class.</param>
    /// <param name="keep">The part.</param>
    public static AutoWeights Choose(
        IReadOnlyList<(ScoredRow Row, string Class)> known, IReadOnlyList<ReplayModel> models, ReplayModel strong, IReadOnlyDictionary<(string Class, string Model), double> priors, double keep)
    {
        var wanted = keep * known.Average(row => row.Row.Scores[strong.Id]);
        var tried = Enumerable.Range(0, Whole + 1).Select(quality => new AutoWeights(quality, Whole - quality)).Select(weights =>
        {
            var taken = ReplayPolicy.Classes.ToDictionary(name => name, name => models.MaxBy(model => weights.ScoreOf(priors[(name, model.Id)], model, models))!);
            return (Weights: weights, Quality: known.Average(row => row.Row.Scores[taken[row.Class].Id]), Price: known.Average(row => taken[row.Class].PricePerMillion));
        }).ToList();
        var enough = tried.FindAll(one => one.Quality >= wanted);
        return (enough.Count > 0 ? enough.OrderBy(one => one.Price).ThenByDescending(one => one.Quality).First() : tried.MaxBy(one => one.Quality)).Weights;
    }

    private double ScoreOf(double prior, ReplayModel model, IReadOnlyList<ReplayModel> models) =>
        (Quality * prior) + (Economy * (1 - (Math.Log10((double)(model.PricePerMillion / models.Min(other => other.PricePerMillion))) / DecadesOfExpense)));
}
