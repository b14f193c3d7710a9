using Orchestration.Benchmarks.Measuring;
using Orchestration.Benchmarks.Retrieval;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Semantics;
using Orchestration.Indexing.Versions;
using Pgvector;
using Spectre.Console;

namespace Orchestration.Benchmarks.Ann;

/// <summary>Indexes many chunks of real text, and compares what the index finds with what comparing all finds.</summary>
internal sealed class AnnMeasurement(AnnPlan plan)
{
    private const string Collection = "ann";
    private const int ChunksOfDocument = 100;
    private const int Depth = 10;
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Middle = DateTimeOffset.UnixEpoch.AddDays(1);

    // A document's id begins with one of a hundred numbers, and every other one was submitted late.
    private static readonly (string Name, PassageFilter Filter)[] Kinds =
    [
        ("no filter", PassageFilter.None),
        ("1 %", new([], "07-", null, null)),
        ("10 %", new([], "3", null, null)),
        ("50 %", new([], "", Middle, null)),
    ];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(plan.Data))
        {
            Screen.Warn($"skipped: there are no texts in {plan.Data} (--data names another folder)");
            return 0;
        }

        var texts = RealTexts.Read(plan.Data).Take(plan.Chunks + plan.Queries).ToList();
        // Queries from all over, none of them indexed.
        var step = Math.Max(1, texts.Count / plan.Queries);
        var queries = texts.Where((_, place) => place % step == 0).Take(plan.Queries).ToList();
        var verdict = new Verdict("ann");
        await using var service = await SearchService.StartAsync(cancellationToken);
        await FillAsync(service, [.. texts.Except(queries, StringComparer.Ordinal)], verdict, cancellationToken);
        var live = await LiveAsync(service, cancellationToken);
        await SizeAsync(service, live, verdict, cancellationToken);

        var table = new Table().Border(TableBorder.Rounded).Title($"{live.Chunks} chunks, {live.Dimensions} dimensions");
        table.AddColumns("filter", "recall@10", "p50 ms", "p95 ms", "comparing all, p50 ms");
        foreach (var (name, filter) in Kinds)
        {
            var (recall, found, all) = await CompareAsync(service, live, queries, filter, cancellationToken);
            table.AddRow(name, recall.Text("0.0000"), found.Quantile(0.5).Text("0.0"), found.Quantile(0.95).Text("0.0"), all.Quantile(0.5).Text("0.0"));
            verdict.Add($"{name}: recall {recall:0.000}, p50 {found.Quantile(0.5):0.0} ms, p95 {found.Quantile(0.95):0.0} ms");
            verdict.Require(recall >= plan.MinRecall, $"{name}: recall@10 is {recall:0.000}, the bar is {plan.MinRecall:0.000}");
        }

        AnsiConsole.Write(table);
        verdict.Add($"{await RateAsync(service, queries, cancellationToken):0} searches/s by two callers");
        return verdict.Close();
    }

    private static async Task FillAsync(SearchService service, List<string> texts, Verdict verdict, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var documents = texts.Chunk(ChunksOfDocument).Select((chunks, number) => (
            new BeirDocument($"{number % 100:00}-{number}", "", string.Join('\n', chunks)),
            (IReadOnlyList<string>)chunks,
            DateTimeOffset.UnixEpoch.AddDays(number / 100 % 2 * 2)));
        await service.AddAsync(Collection, LatentSpace.Model, documents, cancellationToken);
        var filled = TimeProvider.System.GetElapsedTime(begun);
        Screen.Note($"{texts.Count} chunks indexed by their words in {filled.TotalSeconds:0} s");
        await service.LookAfterAsync(Collection, cancellationToken);
        var built = TimeProvider.System.GetElapsedTime(begun) - filled;
        Screen.Note($"space computed, second index filled, vector index built and switched to in {built.TotalSeconds:0} s");
        verdict.Add($"{texts.Count} chunks at {texts.Count / filled.TotalSeconds:0}/s, second index with vectors in {built.TotalSeconds:0} s");
    }

    private static async Task<IndexVersionRow> LiveAsync(SearchService service, CancellationToken cancellationToken)
    {
        await using var session = await TenantSession.OpenAsync(service.Database, SearchService.Tenant, cancellationToken);
        return (await IndexVersions.LiveAsync(session.Connection, SearchService.Tenant, Collection, cancellationToken))!;
    }

    private static async Task SizeAsync(SearchService service, IndexVersionRow live, Verdict verdict, CancellationToken cancellationToken)
    {
        await using var command = service.Database.CreateCommand(
            $"""
            select pg_total_relation_size('postings_{live.Id}') >> 20, pg_table_size('vectors_{live.Id}') >> 20,
                   coalesce(pg_relation_size(to_regclass('vectors_{live.Id}_hnsw')) >> 20, 0)
            """);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        verdict.Add($"postings {row.GetInt64(0)} MB, vectors {row.GetInt64(1)} MB, their index {row.GetInt64(2)} MB");
    }

    private static async Task<(double Recall, Samples Found, Samples All)> CompareAsync(
        SearchService service, IndexVersionRow live, List<string> queries, PassageFilter filter, CancellationToken cancellationToken)
    {
        var (found, all, recalls) = (new Samples(), new Samples(), new List<double>());
        foreach (var text in queries)
        {
            var begun = TimeProvider.System.GetTimestamp();
            var answer = await service.FindAsync(Query(text, filter), cancellationToken);
            found.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
            begun = TimeProvider.System.GetTimestamp();
            var nearest = await NearestAsync(service, live, text, filter, cancellationToken);
            all.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
            // Of equally near ones, either is right.
            if (nearest.Count > 0)
                recalls.Add(answer.Passages.Count(passage => passage.Scores.Similarity >= nearest[^1] - 1e-6) / (double)nearest.Count);
        }

        return (recalls.Average(), found, all);
    }

    private static PassageQuery Query(string text, PassageFilter filter) =>
        new(SearchService.Tenant, Collection, text, Depth) { Mode = SearchMode.Vector, Filter = filter };

    /// <summary>Similarities of the nearest chunks, all compared.</summary>
    private static async Task<List<double>> NearestAsync(
        SearchService service, IndexVersionRow live, string text, PassageFilter filter, CancellationToken cancellationToken)
    {
        if (await service.Vectors.OfAsync(live, text, cancellationToken) is not { } vector)
            return [];

        await using var session = await TenantSession.OpenAsync(service.Database, SearchService.Tenant, cancellationToken);
        await using var command = session.Connection.Statement(
            $"""
            select 1 - (v.embedding <=> $2) from vectors v
            join index_entries e on e.tenant_id = v.tenant_id and e.index_id = v.index_id and e.chunk = v.chunk
            join documents d on d.tenant_id = e.tenant_id and d.id = e.document_id
            where v.tenant_id = $1 and v.index_id = {live.Id} and starts_with(d.external_id, $3) and d.submitted_at >= $4
            order by v.embedding <=> $2 limit {Depth}
            """, SearchService.Tenant, new Vector(vector), filter.DocumentIdPrefix, filter.SubmittedFrom ?? DateTimeOffset.UnixEpoch);
        var similarities = new List<double>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            similarities.Add(row.GetDouble(0));
        return similarities;
    }

    private static async Task<double> RateAsync(SearchService service, List<string> queries, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async caller =>
        {
            for (var next = caller; TimeProvider.System.GetElapsedTime(begun) < Load; next += 2)
            {
                await service.FindAsync(Query(queries[next % queries.Count], PassageFilter.None), cancellationToken);
                Interlocked.Increment(ref done);
            }
        }));
        return done / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
    }
}
