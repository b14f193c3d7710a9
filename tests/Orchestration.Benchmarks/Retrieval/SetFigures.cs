using Orchestration.Benchmarks.Measuring;

namespace Orchestration.Benchmarks.Retrieval;

/// <summary>One way of searching a collection: how good, how fast.</summary>
internal sealed record SideFigures(RankingQuality Quality, Samples Milliseconds);

/// <summary>What was measured of a collection.</summary>
internal sealed record SetFigures(BeirSet Set, SideFigures Text, SideFigures Vector, SideFigures Hybrid)
{
    /// <summary>nDCG@10 lost by a hybrid search with random vectors; null when it was left out.</summary>
    public double? RandomLoss { get; init; }

    /// <summary>nDCG@10 for each weight of the sweep.</summary>
    public IReadOnlyList<(double Weight, double Gain)> Sweep { get; init; } = [];
}
