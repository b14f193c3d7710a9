using Spectre.Console;

namespace Orchestration.Benchmarks.Retrieval;

/// <summary>Shows what was measured.</summary>
internal static class RetrievalTables
{
    public static void Show(IReadOnlyList<SetFigures> measured)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("first ten answers");
        table.AddColumns("collection", "queries", "search", "nDCG@10", "95 % interval", "recall@10", "MRR@10", "over text", "BM25, full set", "p50 ms", "p95 ms");
        foreach (var figures in measured)
        {
            AddRow(table, figures, "text", figures.Text);
            AddRow(table, figures, "vector", figures.Vector);
            AddRow(table, figures, "hybrid", figures.Hybrid);
        }

        AnsiConsole.Write(table);
        if (measured.Any(figures => figures.Sweep.Count > 0))
            ShowSweep([.. measured.Where(figures => figures.Sweep.Count > 0)]);
        foreach (var figures in measured.Where(figures => figures.RandomLoss is not null))
            Screen.Note($"{figures.Set.Name}: random vectors cost {figures.RandomLoss:0.0000}");
    }

    private static void AddRow(Table table, SetFigures figures, string name, SideFigures side)
    {
        var (low, high) = side.Quality.Interval();
        var (worse, better) = side.Quality.IntervalOfGainOver(figures.Text.Quality);
        table.AddRow(
            name == "text" ? figures.Set.Name : "",
            name == "text" ? $"{figures.Set.Queries.Count}" : "",
            name,
            side.Quality.Gain.Text("0.0000"),
            $"{low.Text("0.000")}–{high.Text("0.000")}",
            side.Quality.Recall.Text("0.000"),
            side.Quality.Reciprocal.Text("0.000"),
            name == "text" ? "" : $"{worse.Text("+0.000;-0.000")} to {better.Text("+0.000;-0.000")}",
            name == "text" && KnownFigures.Of(figures.Set.Name) is { } known ? known.Text.Text("0.000") : "",
            side.Milliseconds.Quantile(0.5).Text("0.0"),
            side.Milliseconds.Quantile(0.95).Text("0.0"));
    }

    private static void ShowSweep(IReadOnlyList<SetFigures> measured)
    {
        var weights = measured[0].Sweep.Select(step => step.Weight).ToArray();
        var table = new Table().Border(TableBorder.Rounded).Title("nDCG@10 by the vector side's weight");
        table.AddColumns(["collection", .. weights.Select(weight => weight.Text("0.00")), "proposed"]);
        foreach (var figures in measured)
            table.AddRow([figures.Set.Name, .. figures.Sweep.Select(step => step.Gain.Text("0.0000")), figures.Sweep.MaxBy(step => step.Gain).Weight.Text("0.00")]);

        // Over all collections: most on average among the weights that cost none of them half a point.
        var harmless = Enumerable.Range(0, weights.Length)
            .Where(step => measured.All(figures => figures.Sweep[0].Gain - figures.Sweep[step].Gain <= 0.005))
            .MaxBy(step => measured.Average(figures => figures.Sweep[step].Gain));
        table.AddRow(["all", .. weights.Select((_, step) => measured.Average(figures => figures.Sweep[step].Gain).Text("0.0000")), weights[harmless].Text("0.00")]);
        AnsiConsole.Write(table);
    }
}
