namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>
/// What a partition's shadow samples prove: how to tell questions with one answer, and from which score on the budget of false hits holds. A
/// score is never judged by a model that has seen its sample: the samples are cut into folds, and each is scored by a model of the others.
/// </summary>
internal sealed class Evidence
{
    /// <summary>Samples below which nothing is fitted.</summary>
    public const int Fewest = 100;

    /// <summary>Samples that are looked at, the newest.</summary>
    public const int Most = 8_192;

    // What is served stands above what was proven by this much, in log odds.
    private const float Margin = 0.3f;
    private const int Folds = 5;
    private const int Latest = 100;
    private const int FewestNew = 50;

    private readonly AgreementModel? _model;
    private readonly float? _threshold;

    private Evidence(TermStatistics statistics, AgreementModel? model, int samples, Proof proof)
    {
        (Statistics, _model, Samples) = (statistics, model, samples);
        (_threshold, Hits, FalseHits) = (proof.Threshold, proof.Hits, proof.FalseHits);
    }

    /// <summary>Of a partition without samples.</summary>
    public static Evidence None { get; } = new(TermStatistics.None, null, 0, Proof.None);

    public TermStatistics Statistics { get; }

    public int Samples { get; }

    /// <summary>Samples above the threshold, and those of them that were false.</summary>
    public int Hits { get; }

    public int FalseHits { get; }

    /// <summary>Least likelihood of one answer that is served; null while the budget is not proven to hold.</summary>
    public double? Threshold => _threshold is { } score ? Likelihood(score + Margin) : null;

    /// <param name="samples">The partition's samples, oldest first.</param>
    /// <param name="budget">Largest share of false hits.</param>
    public static Evidence Of(IReadOnlyList<ShadowSample> samples, double budget)
    {
        var statistics = TermStatistics.Of(samples.Select(sample => sample.Asked));
        if (samples.Count < Fewest)
            return new Evidence(statistics, null, samples.Count, Proof.None);
        var pairs = samples.Select(sample => (Features: PairFeatures.Of(sample.Asked, sample.Answered, sample.Cosine, sample.Around, statistics), sample.Agreed)).ToList();
        var scored = new (float Score, bool Agreed)[pairs.Count];
        for (var fold = 0; fold < Folds; fold++)
        {
            var model = AgreementModel.Fit([.. pairs.Where((_, index) => index % Folds != fold)]);
            for (var index = fold; index < pairs.Count; index += Folds)
                scored[index] = (model.Score(pairs[index].Features), pairs[index].Agreed);
        }

        return new Evidence(statistics, AgreementModel.Fit(pairs), pairs.Count, Prove(scored, budget));
    }

    /// <summary>Whether there is enough new to look at it all again.</summary>
    /// <param name="fresh">Samples that came since.</param>
    public bool IsStale(int fresh) => fresh >= Math.Max(FewestNew, Samples / 10);

    /// <summary>Log odds that the answer of one question does for the other; by nearness alone while nothing is fitted.</summary>
    public float Score(QuestionText asked, Neighbour neighbour, Surroundings around) => _model is null
        ? neighbour.Cosine + Statistics.Cosine(asked.Words, neighbour.Question.Words)
        : _model.Score(PairFeatures.Of(asked, neighbour.Question, neighbour.Cosine, around, Statistics));

    /// <summary>Whether a score is served.</summary>
    public bool IsServed(float score) => _threshold is { } threshold && score >= threshold + Margin;

    public static double Likelihood(float score) => 1 / (1 + Math.Exp(-score));

    // The lowest threshold above which the bound is within the budget; only before a false hit can it be the lowest.
    private static Proof Prove((float Score, bool Agreed)[] scored, double budget)
    {
        var ordered = scored.OrderByDescending(sample => sample.Score).ToList();
        var (best, falseHits) = (Proof.None, 0);
        for (var hits = 1; hits <= ordered.Count; hits++)
        {
            falseHits += ordered[hits - 1].Agreed ? 0 : 1;
            var isEdge = hits == ordered.Count || (!ordered[hits].Agreed && ordered[hits].Score < ordered[hits - 1].Score);
            if (isEdge && FalseHitBound.Upper(falseHits, hits) <= budget)
                best = new Proof(ordered[hits - 1].Score, hits, falseHits);
        }

        return best.Threshold is { } threshold && IsBrokenLately(scored, threshold, budget) ? Proof.None : best;
    }

    // Old samples must not speak for traffic that has changed.
    private static bool IsBrokenLately((float Score, bool Agreed)[] scored, float threshold, double budget)
    {
        var latest = scored.Where(sample => sample.Score >= threshold).TakeLast(Latest).ToList();
        return FalseHitBound.Lower(latest.Count(sample => !sample.Agreed), latest.Count) > budget;
    }

    private sealed record Proof(float? Threshold, int Hits, int FalseHits)
    {
        public static readonly Proof None = new(null, 0, 0);
    }
}
