namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>One number per term of a score: values of a candidate, or weights.</summary>
internal readonly record struct ScoreTerms(double Quality, double Economy, double Latency, double Health, double Limits, double Affinity, double Budget)
{
    /// <summary>Weights of a route as parts of their sum.</summary>
    public static ScoreTerms WeightsOf(Contracts.Routing.V1.ScoreWeights weights)
    {
        var sum = weights.Quality + weights.Economy + weights.Latency + weights.Health + weights.Limits + weights.Affinity + weights.Budget;
        return sum > 0
            ? new(weights.Quality / sum, weights.Economy / sum, weights.Latency / sum, weights.Health / sum, weights.Limits / sum, weights.Affinity / sum, weights.Budget / sum)
            : new(1, 0, 0, 0, 0, 0, 0);
    }

    /// <summary>The weighted sum.</summary>
    public double Times(in ScoreTerms weights) =>
        (Quality * weights.Quality) + (Economy * weights.Economy) + (Latency * weights.Latency) + (Health * weights.Health)
        + (Limits * weights.Limits) + (Affinity * weights.Affinity) + (Budget * weights.Budget);

    /// <summary>The terms by their names, as explanations show them.</summary>
    public IEnumerable<(string Name, double Value)> Named() =>
        [("quality", Quality), ("economy", Economy), ("latency", Latency), ("health", Health), ("limits", Limits), ("affinity", Affinity), ("budget", Budget)];
}
