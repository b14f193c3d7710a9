using System.Globalization;
using System.Text.Json;

namespace Orchestration.Benchmarks.Retrieval;

/// <summary>A collection with queries and judgements in BEIR's layout.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Documents">Documents by id.</param>
/// <param name="Queries">Texts of the judged queries by id.</param>
/// <param name="Judgements">For each query the grades of the documents that answer it, 1 and up.</param>
internal sealed record BeirSet(
    string Name,
    IReadOnlyList<BeirDocument> Documents,
    IReadOnlyDictionary<string, string> Queries,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Judgements)
{
    public static BeirSet Load(string folder)
    {
        var judgements = File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1)
            .Select(line => line.Split('\t'))
            .Select(cells => (Query: cells[0], Document: cells[1], Grade: int.Parse(cells[2], CultureInfo.InvariantCulture)))
            .Where(judgement => judgement.Grade > 0)
            .GroupBy(judgement => judgement.Query)
            .ToDictionary(
                query => query.Key,
                IReadOnlyDictionary<string, int> (query) => query.GroupBy(j => j.Document).ToDictionary(j => j.Key, j => j.Max(one => one.Grade)));
        var queries = Lines(Path.Combine(folder, "queries.jsonl"))
            .Where(line => judgements.ContainsKey(Member(line, "_id")))
            .ToDictionary(line => Member(line, "_id"), line => Member(line, "text"));
        var documents = Lines(Path.Combine(folder, "corpus.jsonl"))
            .Select(line => new BeirDocument(Member(line, "_id"), Member(line, "title"), Member(line, "text")))
            .ToList();
        return new BeirSet(Path.GetFileName(folder), documents, queries, judgements);
    }

    /// <summary>Queries spread over all of them, at most so many.</summary>
    public BeirSet Sampled(int most)
    {
        var step = Math.Max(1, Queries.Count / most);
        return this with { Queries = Queries.OrderBy(query => query.Key, StringComparer.Ordinal).Where((_, place) => place % step == 0).Take(most).ToDictionary() };
    }

    private static IEnumerable<JsonElement> Lines(string file) => File.ReadLines(file).Select(line => JsonElement.Parse(line));

    private static string Member(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}

internal sealed record BeirDocument(string Id, string Title, string Text);
