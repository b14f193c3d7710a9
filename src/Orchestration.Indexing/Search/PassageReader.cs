using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Search;

/// <summary>Turns ranked chunks into passages.</summary>
internal static class PassageReader
{
    public static async Task<List<Passage>> ReadAsync(
        NpgsqlConnection connection, IndexVersionRow version, IReadOnlyList<RankedChunk> ranked, TextRanking? explained, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            """
            select e.chunk, d.external_id, d.title, c.ordinal, c.text, c.start_offset, c.end_offset
            from index_entries e
            join documents d on d.tenant_id = e.tenant_id and d.id = e.document_id
            join chunks c on c.tenant_id = e.tenant_id and c.document_id = e.document_id and c.ordinal = e.ordinal
            where e.tenant_id = $1 and e.index_id = $2 and e.chunk = any($3)
            """, version.TenantId, version.Id, ranked.Select(chunk => chunk.Chunk).ToArray());
        var passages = new Dictionary<int, Passage>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            passages.Add(row.GetInt32(0), new Passage
            {
                DocumentId = row.GetString(1),
                Title = row.GetString(2),
                Chunk = row.GetInt32(3),
                LastChunk = row.GetInt32(3),
                Text = row.GetString(4),
                StartOffset = row.GetInt32(5),
                EndOffset = row.GetInt32(6),
            });
        }

        // A document that is replaced at this moment may already have lost its chunk.
        return [.. ranked.Where(chunk => passages.ContainsKey(chunk.Chunk)).Select(chunk => Scored(passages[chunk.Chunk], chunk, explained))];
    }

    private static Passage Scored(Passage passage, RankedChunk chunk, TextRanking? explained)
    {
        passage.Score = chunk.Score;
        passage.Scores = new PassageScores { Text = chunk.Text };
        if (chunk.Similarity is { } similarity)
            passage.Scores.Similarity = similarity;
        if (explained is not null)
            passage.Scores.Terms.AddRange(explained.Explain(chunk.Chunk).Select(term => new TermScore { Term = term.Term, Score = term.Score }));
        return passage;
    }
}
