using Orchestration.Gateway.Caching.Semantic;
using Spectre.Console;

namespace Orchestration.Benchmarks.Cache;

/// <summary>Replays every set through the semantic cache and compares what it gave again with what the set says.</summary>
internal sealed class CacheMeasurement(CachePlan plan)
{
    private static readonly double[] HitRates = [0.01, 0.02, 0.05, 0.10, 0.15, 0.20, 0.30, 0.50];

    public int Run()
    {
        if (!Directory.Exists(Path.Combine(plan.Folder, "semantic-cache")))
        {
            Screen.Warn($"cache: skipped, {plan.Folder} holds no sets (--eval names another folder).");
            return 0;
        }

        var verdict = new Verdict("cache");
        var hits = NewTable("set", "language", "embedder", "questions", "hit rate", "bar", "false hits", "of hits", "95 % bounds", "proven");
        var curve = NewTable(["set", "embedder", .. HitRates.Select(rate => $"{rate * 100:0} %")]);
        foreach (var set in ReplaySet.Load(plan.Folder).Where(set => plan.Sets.Length == 0 || plan.Sets.Contains(set.Name)))
        {
            foreach (var embedder in plan.Embedders.Select(ReplayEmbedder.Find))
                Show(set, embedder, hits, curve, verdict);
        }

        AnsiConsole.Write(hits);
        Screen.Note($"Share of false hits, were the surest so many of the served half's questions hits:");
        AnsiConsole.Write(curve);
        return verdict.Close();
    }

    private void Show(ReplaySet set, ReplayEmbedder embedder, Table hits, Table curve, Verdict verdict)
    {
        var figures = new ReplayFigures();
        var proven = 0;
        for (var seed = 1; seed <= plan.Seeds; seed++)
        {
            var replayed = new SemanticReplay(embedder, plan.Budget, seed).Run(set);
            figures.Add(replayed);
            proven += replayed.Evidence.Threshold is null ? 0 : 1;
        }

        var (rate, share) = (figures.Hits / (double)figures.Questions, figures.Hits == 0 ? 0 : figures.FalseHits / (double)figures.Hits);
        hits.AddRow(
            set.Name, set.Language, embedder.Name, $"{figures.Questions}", Percent(rate), set.LeastHitRate is { } least ? Percent(least) : "–", $"{figures.FalseHits} of {figures.Hits}",
            Percent(share), $"{Percent(FalseHitBound.Lower(figures.FalseHits, figures.Hits))} – {Percent(FalseHitBound.Upper(figures.FalseHits, figures.Hits))}", $"{proven} of {plan.Seeds}");
        curve.AddRow([set.Name, embedder.Name, .. HitRates.Select(point => figures.FalseShareAt(point) is var value && double.IsNaN(value) ? "–" : Percent(value))]);
        if (embedder != ReplayEmbedder.Lexical)
            return;
        verdict.Add($"{set.Name} {rate * 100:0.0} % hits with {share * 100:0.00} % false");
        verdict.AtMost($"share of false hits on {set.Name}", share, plan.Budget);
        if (set.LeastHitRate is { } bar)
            verdict.Require(rate >= bar, $"hit rate on {set.Name} is {Percent(rate)}, the bar is {Percent(bar)}");
    }

    private static Table NewTable(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(column);
        return table;
    }

    private static string Percent(double share) => $"{(share * 100).Text()} %";
}
