namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>How rare terms are in the questions of a partition: what everybody writes says little.</summary>
internal sealed class TermStatistics
{
    private readonly Dictionary<uint, int> _counts = [];
    private int _questions;

    /// <summary>Of no questions: every term says as much as any other.</summary>
    public static TermStatistics None { get; } = new();

    public static TermStatistics Of(IEnumerable<QuestionText> questions)
    {
        var statistics = new TermStatistics();
        foreach (var question in questions)
        {
            statistics._questions++;
            foreach (var term in question.Terms)
                statistics._counts[term] = statistics._counts.GetValueOrDefault(term) + 1;
        }

        return statistics;
    }

    /// <summary>From about 0 for a term of every question up; 1 when nothing is known.</summary>
    public float WeightOf(uint term) =>
        _questions == 0 ? 1 : MathF.Log(1 + (_questions / (_counts.GetValueOrDefault(term) + 0.5f))) / MathF.Log(1 + (2f * _questions));

    /// <summary>Cosine of two sets of terms, from 0 to 1.</summary>
    public float Cosine(HashSet<uint> left, HashSet<uint> right)
    {
        var (common, mine, theirs) = (0f, 0f, 0f);
        foreach (var term in left)
        {
            var square = WeightOf(term) * WeightOf(term);
            mine += square;
            if (right.Contains(term))
                common += square;
        }

        foreach (var term in right)
            theirs += WeightOf(term) * WeightOf(term);
        return mine == 0 || theirs == 0 ? 0 : common / MathF.Sqrt(mine * theirs);
    }
}
