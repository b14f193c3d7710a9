namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>Two questions as numbers that tell whether one answer does for both.</summary>
internal sealed class PairFeatures
{
    /// <summary>Length of the space of features.</summary>
    public const int Size = Hashed + 8192;

    private const int Hashed = 64;
    private const int Bins = 10;
    private const int MostSubstitutions = 3;

    private readonly List<int> _places = [];
    private readonly List<float> _values = [];

    public IReadOnlyList<int> Places => _places;

    public IReadOnlyList<float> Values => _values;

    /// <param name="asked">The question.</param>
    /// <param name="answered">The one whose answer may be given.</param>
    /// <param name="cosine">Nearness of the two vectors.</param>
    /// <param name="around">What stands beside it.</param>
    /// <param name="statistics">Of the partition.</param>
    public static PairFeatures Of(QuestionText asked, QuestionText answered, float cosine, Surroundings around, TermStatistics statistics)
    {
        var features = new PairFeatures();
        var words = statistics.Cosine(asked.Words, answered.Words);
        var pairs = statistics.Cosine(asked.Pairs, answered.Pairs);
        var trigrams = statistics.Cosine(asked.Trigrams, answered.Trigrams);
        features.AddAll(0, 1, words, pairs, trigrams, cosine, words * trigrams, around.Lead, around.Support, around.Lead * around.Support, asked.Text == answered.Text ? 1 : 0);
        features.AddBin(16, (words + trigrams) / 2);
        features.AddBin(16 + Bins, cosine);
        features.AddBin(16 + (2 * Bins), around.Lead);
        var (mine, theirs) = (Unmatched(asked, answered, statistics), Unmatched(answered, asked, statistics));
        features.AddAll(48, Most(mine), Most(theirs), Sum(mine), Sum(theirs), LengthGap(asked, answered), mine.Count == 0 && theirs.Count == 0 ? 1 : 0);
        features.AddAll(56, (asked.Signs.Kinds ^ answered.Signs.Kinds) != 0 ? 1 : 0, 1f / (1 + Math.Min(asked.Units.Count, answered.Units.Count)));
        features.AddDifferences(mine, theirs);
        features.AddCommon(asked, answered, statistics);
        return features;
    }

    // What only one of the two has, except for other forms of the same word.
    private static List<(string Unit, float Weight)> Unmatched(QuestionText from, QuestionText other, TermStatistics statistics) =>
        [.. from.Units.Distinct().Where(unit => !other.HasFormOf(unit)).Select(unit => (unit, statistics.WeightOf(TermHash.Of('w', unit))))];

    private static float Most(List<(string Unit, float Weight)> units) => units.Count == 0 ? 0 : units.Max(unit => unit.Weight);

    private static float Sum(List<(string Unit, float Weight)> units) => MathF.Min(units.Sum(unit => unit.Weight) / 4, 2);

    private static float LengthGap(QuestionText left, QuestionText right) =>
        Math.Abs(left.Units.Count - right.Units.Count) / (float)Math.Max(left.Units.Count, right.Units.Count);

    private void AddDifferences(List<(string Unit, float Weight)> mine, List<(string Unit, float Weight)> theirs)
    {
        foreach (var (unit, weight) in mine.Concat(theirs))
            AddHashed(TermHash.Of('d', unit), 0.5f + weight);
        if (mine.Count > MostSubstitutions || theirs.Count > MostSubstitutions)
            return;
        // "how" for "where" changes a question, "how" for "in what way" does not: the traffic tells.
        foreach (var (left, _) in mine)
        {
            foreach (var (right, _) in theirs)
                AddHashed(string.CompareOrdinal(left, right) < 0 ? TermHash.Of('s', left, right) : TermHash.Of('s', right, left), 1);
        }
    }

    private void AddCommon(QuestionText asked, QuestionText answered, TermStatistics statistics)
    {
        foreach (var term in asked.Words.Where(answered.Words.Contains))
            AddHashed(term ^ 0x5bd1e995, statistics.WeightOf(term));
    }

    private void AddAll(int place, params ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            Add(place++, value);
    }

    private void AddBin(int place, float value) => Add(place + Math.Clamp((int)(value * Bins), 0, Bins - 1), 1);

    private void AddHashed(uint hash, float value) => Add(Hashed + (int)(hash % (Size - Hashed)), value);

    private void Add(int place, float value)
    {
        if (value == 0)
            return;
        _places.Add(place);
        _values.Add(value);
    }
}
