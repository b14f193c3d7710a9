using Orchestration.Benchmarks.Measuring;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Semantics;

namespace Orchestration.Benchmarks.Retrieval;

/// <summary>Indexes judged collections and asks them their queries.</summary>
internal sealed class RetrievalMeasurement(RetrievalPlan plan)
{
    private static readonly double[] Weights = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

    // Two writings of the same questions and paragraphs: one language asked in the other.
    private static readonly (string Collection, string Queries)[] AcrossLanguages = [("xquad-en", "xquad-zh"), ("xquad-zh", "xquad-en")];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(plan.Data))
        {
            Screen.Warn($"skipped: there are no judged collections in {plan.Data} (--data names another folder)");
            return 0;
        }

        var verdict = new Verdict("retrieval");
        await using var service = await SearchService.StartAsync(cancellationToken);
        var measured = new List<SetFigures>();
        foreach (var folder in Directory.GetDirectories(plan.Data).Order(StringComparer.Ordinal))
        {
            if (plan.Sets.Count == 0 || plan.Sets.Contains(Path.GetFileName(folder)))
                measured.Add(await MeasureAsync(service, BeirSet.Load(folder).Sampled(plan.Queries), cancellationToken));
        }

        RetrievalTables.Show(measured);
        foreach (var figures in measured)
            Judge(verdict, figures);
        await AskAcrossLanguagesAsync(service, measured, verdict, cancellationToken);
        if (plan.ForeignQueries > 0 && measured.Count > 0)
            await new ForeignSearches(service, measured[0].Set, plan.ForeignQueries).RunAsync(verdict, cancellationToken);
        return verdict.Close();
    }

    private async Task<SetFigures> MeasureAsync(SearchService service, BeirSet set, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        await service.AddAsync(set.Name, LatentSpace.Model, WholeDocuments(set), cancellationToken);
        var filled = TimeProvider.System.GetElapsedTime(begun);
        await service.LookAfterAsync(set.Name, cancellationToken);
        var fitted = TimeProvider.System.GetElapsedTime(begun) - filled;
        Screen.Note($"{set.Name}: {set.Documents.Count} documents indexed in {filled.TotalSeconds:0.0} s, space and second index in {fitted.TotalSeconds:0.0} s");

        return new SetFigures(
            set,
            await AskAsync(service, set, set.Name, SearchMode.Text, null, cancellationToken),
            await AskAsync(service, set, set.Name, SearchMode.Vector, null, cancellationToken),
            await AskAsync(service, set, set.Name, SearchMode.Hybrid, null, cancellationToken))
        {
            RandomLoss = plan.RandomQueries > 0 ? await LoseAsync(service, set.Sampled(plan.RandomQueries), cancellationToken) : null,
            Sweep = plan.SweepQueries > 0 ? await SweepAsync(service, set.Sampled(plan.SweepQueries), cancellationToken) : [],
        };
    }

    // Each document is one chunk, as in the published figures.
    private static IEnumerable<(BeirDocument Document, IReadOnlyList<string> Chunks, DateTimeOffset SubmittedAt)> WholeDocuments(BeirSet set) =>
        set.Documents.Select(document => (document, (IReadOnlyList<string>)[document.Text], DateTimeOffset.UnixEpoch));

    private static async Task<SideFigures> AskAsync(
        SearchService service, BeirSet set, string collection, SearchMode mode, double? weight, CancellationToken cancellationToken)
    {
        var figures = new SideFigures(new RankingQuality(), new Samples());
        foreach (var (id, text) in set.Queries)
        {
            var query = new PassageQuery(SearchService.Tenant, collection, text.Length > 4096 ? text[..4096] : text, 10) { Mode = mode, VectorWeight = weight };
            var begun = TimeProvider.System.GetTimestamp();
            // The service refuses a question without words, and some sets have a few: nothing is found for them.
            var found = text.Length == 0 ? SearchResult.Found.Nothing : await service.FindAsync(query, cancellationToken);
            figures.Milliseconds.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
            figures.Quality.Add([.. found.Passages.Select(passage => passage.DocumentId)], set.Judgements[id]);
        }

        return figures;
    }

    private static async Task<double> LoseAsync(SearchService service, BeirSet set, CancellationToken cancellationToken)
    {
        var collection = set.Name + "-random";
        await service.AddAsync(collection, RandomEmbeddings.Model, WholeDocuments(set), cancellationToken);
        await service.LookAfterAsync(collection, cancellationToken);
        var text = await AskAsync(service, set, collection, SearchMode.Text, null, cancellationToken);
        var hybrid = await AskAsync(service, set, collection, SearchMode.Hybrid, null, cancellationToken);
        return text.Quality.Gain - hybrid.Quality.Gain;
    }

    private static async Task<IReadOnlyList<(double Weight, double Gain)>> SweepAsync(SearchService service, BeirSet set, CancellationToken cancellationToken)
    {
        var gains = new List<(double, double)>();
        foreach (var weight in Weights)
            gains.Add((weight, (await AskAsync(service, set, set.Name, SearchMode.Hybrid, weight, cancellationToken)).Quality.Gain));
        return gains;
    }

    private void Judge(Verdict verdict, SetFigures figures)
    {
        var (name, text, hybrid) = (figures.Set.Name, figures.Text.Quality.Gain, figures.Hybrid.Quality.Gain);
        verdict.Add($"{name} text {text:0.000} vector {figures.Vector.Quality.Gain:0.000} hybrid {hybrid:0.000}");
        verdict.AtMost($"{name}: loss of the hybrid search against text", text - hybrid, plan.MaxLoss);
        verdict.AtMost($"{name}: loss by random vectors", figures.RandomLoss ?? 0, plan.MaxRandomLoss);
        if (KnownFigures.Of(name) is not { } known)
            return;

        var reached = known.IsWhole && figures.Set.Queries.Count < plan.Queries ? Math.Round(text, 3) : figures.Text.Quality.Interval().High;
        verdict.Require(reached >= known.Text, $"{name}: text is {text:0.0000}, plain BM25 gives {known.Text:0.000}");
        verdict.Require(hybrid >= (known.Hybrid ?? 0), $"{name}: the hybrid search gives {hybrid:0.0000}, the bar is {known.Hybrid:0.000}");
    }

    private static async Task AskAcrossLanguagesAsync(
        SearchService service, IReadOnlyList<SetFigures> measured, Verdict verdict, CancellationToken cancellationToken)
    {
        foreach (var (collection, queries) in AcrossLanguages)
        {
            if (measured.FirstOrDefault(one => one.Set.Name == collection) is null || measured.FirstOrDefault(one => one.Set.Name == queries) is not { } asked)
                continue;
            var text = await AskAsync(service, asked.Set, collection, SearchMode.Text, null, cancellationToken);
            var hybrid = await AskAsync(service, asked.Set, collection, SearchMode.Hybrid, null, cancellationToken);
            verdict.Add($"{queries} asked of {collection} text {text.Quality.Gain:0.000} hybrid {hybrid.Quality.Gain:0.000}");
        }
    }
}
