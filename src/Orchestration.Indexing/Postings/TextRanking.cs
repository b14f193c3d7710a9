using Npgsql;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Postings;

/// <summary>Scores of a query's terms over the chunks of an index.</summary>
internal sealed class TextRanking
{
    /// <summary>Terms of a query beyond the first so many do not count.</summary>
    private const int MostTerms = 512;

    private readonly IReadOnlyList<TermPostings> _terms;
    private readonly Bm25 _model;

    private TextRanking(Bm25 model, IReadOnlyList<TermPostings> terms, HashSet<int>? allowed)
    {
        (_model, _terms) = (model, terms);
        foreach (var term in terms)
        {
            for (var i = 0; i < term.Chunks.Length; i++)
            {
                if (allowed?.Contains(term.Chunks[i]) == false)
                    continue;
                Scores.TryGetValue(term.Chunks[i], out var score);
                Scores[term.Chunks[i]] = score + (term.Count * model.Score(term, i));
            }
        }
    }

    /// <summary>Score of every chunk that holds one of the terms.</summary>
    public Dictionary<int, double> Scores { get; } = [];

    public static TextRanking None { get; } = new(default, [], null);

    /// <summary>
    /// Reads the postings of the query's terms. How many chunks hold a term is the length of its list: counted anew each time, it is
    /// always exact.
    /// </summary>
    public static async Task<TextRanking> ComputeAsync(
        NpgsqlConnection connection, IndexVersionRow version, TermCounts query, int[]? allowed, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            $"""
            select q.place, p.chunks, p.frequencies, p.lengths
            from unnest($2) with ordinality q (term, place)
            cross join lateral (
                select array_agg(chunk) as chunks, array_agg(frequency) as frequencies, array_agg(length) as lengths
                from postings where tenant_id = $1 and index_id = {version.Id} and term = q.term) p
            where p.chunks is not null
            """, version.TenantId, query.Terms.Take(MostTerms).ToArray());
        var terms = new List<TermPostings>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var place = (int)row.GetInt64(0) - 1;
            terms.Add(new TermPostings(
                query.Terms[place], query.Counts[place], row.GetFieldValue<int[]>(1), row.GetFieldValue<int[]>(2), row.GetFieldValue<int[]>(3)));
        }

        return new TextRanking(new Bm25(version.Chunks, version.Terms), terms, allowed?.ToHashSet());
    }

    /// <summary>The chunks with the highest scores, best first.</summary>
    public int[] Best(int count)
    {
        var best = new PriorityQueue<int, (double Score, int Chunk)>(count + 1);
        foreach (var (chunk, score) in Scores)
        {
            // Of equal ones the older stays.
            if (best.Count < count)
                best.Enqueue(chunk, (score, -chunk));
            else
                best.EnqueueDequeue(chunk, (score, -chunk));
        }

        return [.. best.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
    }

    /// <summary>What each term contributed to a chunk's score, most first.</summary>
    public IEnumerable<(string Term, double Score)> Explain(int chunk) =>
        from term in _terms
        let place = Array.IndexOf(term.Chunks, chunk)
        where place >= 0
        let score = term.Count * _model.Score(term, place)
        orderby score descending
        select (term.Term, score);
}
