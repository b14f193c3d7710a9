using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Benchmarks.Cache;

/// <summary>What came of the questions of a replay that were served.</summary>
internal sealed class ReplayFigures
{
    private readonly List<(float Score, bool Agrees)> _candidates = [];

    public int Questions { get; private set; }

    public int Hits { get; private set; }

    public int FalseHits { get; private set; }

    /// <summary>What the cache knew in the end.</summary>
    public Evidence Evidence { get; set; } = Evidence.None;

    public void Add(Candidate? candidate, bool agrees, bool isHit)
    {
        Questions++;
        if (candidate is not null)
            _candidates.Add((candidate.Score, agrees));
        if (!isHit)
            return;
        Hits++;
        FalseHits += agrees ? 0 : 1;
    }

    public void Add(ReplayFigures other)
    {
        Questions += other.Questions;
        Hits += other.Hits;
        FalseHits += other.FalseHits;
        _candidates.AddRange(other._candidates);
    }

    /// <summary>Share of false hits if the best so many of the questions were hits, whatever their threshold would be called.</summary>
    public double FalseShareAt(double hitRate)
    {
        var best = _candidates.OrderByDescending(candidate => candidate.Score).Take((int)(hitRate * Questions)).ToList();
        return best.Count < (int)(hitRate * Questions) ? double.NaN : best.Count(candidate => !candidate.Agrees) / (double)best.Count;
    }
}
