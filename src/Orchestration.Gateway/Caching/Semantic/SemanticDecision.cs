namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>The answer that would be given again.</summary>
/// <param name="Entry">Whose.</param>
/// <param name="Around">What stands beside it.</param>
/// <param name="Score">Log odds that it does.</param>
internal sealed record Candidate(Neighbour Entry, Surroundings Around, float Score)
{
    /// <summary>Likelihood that it does, from 0 to 1.</summary>
    public double Similarity => Evidence.Likelihood(Score);
}

/// <summary>Picks the answer that may be given again for a question, if any.</summary>
internal static class SemanticDecision
{
    /// <summary>Entries that are looked at for one question.</summary>
    public const int MostNeighbours = 16;

    /// <summary>The entry that most likely has the question's answer and that nothing speaks against; null when there is none.</summary>
    /// <param name="asked">The question.</param>
    /// <param name="near">The nearest entries.</param>
    /// <param name="evidence">Of the partition.</param>
    public static Candidate? Pick(QuestionText asked, IReadOnlyList<Neighbour> near, Evidence evidence)
    {
        var groups = Group(near);
        var nearness = near.Select(entry => (entry.Cosine + evidence.Statistics.Cosine(asked.Words, entry.Question.Words)) / 2).ToArray();
        Candidate? best = null;
        for (var i = 0; i < near.Count; i++)
        {
            if (QuestionSigns.Conflict(asked, near[i].Question) is not null)
                continue;
            var around = AroundOf(i, groups, nearness);
            var score = evidence.Score(asked, near[i], around);
            if (best is null || score > best.Score)
                best = new Candidate(near[i], around, score);
        }

        return best;
    }

    // Entries of one number have one answer.
    private static int[] Group(IReadOnlyList<Neighbour> near)
    {
        var groups = new int[near.Count];
        for (var i = 0; i < near.Count; i++)
        {
            groups[i] = i;
            for (var leader = 0; leader < i; leader++)
            {
                if (groups[leader] != leader || !near[leader].Answer.AgreesWith(near[i].Answer))
                    continue;
                groups[i] = leader;
                break;
            }
        }

        return groups;
    }

    private static Surroundings AroundOf(int candidate, int[] groups, float[] nearness)
    {
        var (rival, agreeing, all) = (0f, 0f, 0f);
        for (var i = 0; i < groups.Length; i++)
        {
            if (i == candidate)
                continue;
            var weight = MathF.Pow(MathF.Max(nearness[i], 0), 4);
            all += weight;
            if (groups[i] == groups[candidate])
                agreeing += weight;
            else
                rival = MathF.Max(rival, nearness[i]);
        }

        return new Surroundings(nearness[candidate] - rival, all > 0 ? agreeing / all : 0.5f);
    }
}
