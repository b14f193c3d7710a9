namespace Orchestration.Benchmarks.Retrieval;

/// <summary>How good the first ten answers to each query are.</summary>
internal sealed class RankingQuality
{
    private const int Depth = 10;
    private const int Resamples = 1000;

    private readonly List<(double Gain, double Recall, double Reciprocal)> _queries = [];

    public double Gain => _queries.Average(query => query.Gain);

    public double Recall => _queries.Average(query => query.Recall);

    public double Reciprocal => _queries.Average(query => query.Reciprocal);

    /// <summary>Adds a query: the answered documents, best first, and the grades of those that are right.</summary>
    public void Add(IReadOnlyList<string> answers, IReadOnlyDictionary<string, int> grades)
    {
        var found = answers.Take(Depth).Select(answer => grades.GetValueOrDefault(answer)).ToList();
        var ideal = grades.Values.OrderDescending().Take(Depth);
        var first = found.FindIndex(grade => grade > 0);
        _queries.Add((
            Discounted(found) / Discounted(ideal),
            (double)found.Count(grade => grade > 0) / grades.Count,
            first < 0 ? 0 : 1.0 / (first + 1)));
    }

    /// <summary>Interval that holds nDCG with 95 % confidence, by resampling the queries.</summary>
    public (double Low, double High) Interval() => Interval([.. _queries.Select(query => query.Gain)]);

    /// <summary>The same for the difference to another ranking of the same queries.</summary>
    public (double Low, double High) IntervalOfGainOver(RankingQuality other) =>
        Interval([.. _queries.Zip(other._queries, (mine, theirs) => mine.Gain - theirs.Gain)]);

    private static double Discounted(IEnumerable<int> grades) => grades.Select((grade, place) => grade / Math.Log2(place + 2)).Sum();

    private static (double Low, double High) Interval(double[] values)
    {
        var random = new Random(1);
        var means = Enumerable.Range(0, Resamples)
            .Select(_ => Enumerable.Range(0, values.Length).Average(_ => values[random.Next(values.Length)]))
            .Order()
            .ToArray();
        return (means[(int)(Resamples * 0.025)], means[(int)(Resamples * 0.975)]);
    }
}
