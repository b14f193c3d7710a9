using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Replay;

/// <summary>Classes of prompts, as the system itself finds them, and what they tell of the models.</summary>
internal static class RowClasses
{
    private const int LongestText = 8_000;
    private const int AtOnce = 8;

    // As much as these many rows: a class with few rows is held towards what a model does on all of them.
    private const double PriorRows = 20;

    public static async Task<List<(ScoredRow Row, string Class)>> FindAsync(ChatGateway gateway, string tenantId, IReadOnlyList<ScoredRow> rows, CancellationToken cancellationToken)
    {
        var found = new (ScoredRow, string)[rows.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, rows.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var text = rows[i].Prompt[..Math.Min(rows[i].Prompt.Length, LongestText)];
            var decision = await gateway.PostAsync("/admin/v1/explain", new { tenantId, model = ReplayPolicy.Auto, text }, token);
            found[i] = (rows[i], decision.GetProperty("requestClass").GetString()!);
        });
        return [.. found];
    }

    /// <summary>Mean quality of every model by class.</summary>
    public static Dictionary<(string Class, string Model), double> PriorsOf(IReadOnlyList<(ScoredRow Row, string Class)> known, IReadOnlyList<ReplayModel> models)
    {
        var priors = new Dictionary<(string Class, string Model), double>();
        foreach (var model in models)
        {
            var all = known.Average(row => row.Row.Scores[model.Id]);
            foreach (var name in ReplayPolicy.Classes)
            {
                var scores = known.Where(row => row.Class == name).Select(row => row.Row.Scores[model.Id]).ToList();
                priors[(name, model.Id)] = (scores.Sum() + (PriorRows * all)) / (scores.Count + PriorRows);
            }
        }

        return priors;
    }
}
