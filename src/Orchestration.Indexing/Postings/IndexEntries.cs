using Npgsql;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Versions;
using Pgvector;

namespace Orchestration.Indexing.Postings;

/// <summary>
/// The rows of one index: entries, postings and vectors, with the totals that BM25 needs beside them. COPY is not to be had under
/// row-level security, so rows go in as arrays.
/// </summary>
internal static class IndexEntries
{
    public static async Task AddAsync(
        NpgsqlConnection connection,
        IndexVersionRow version,
        DocumentChunks document,
        IReadOnlyList<TermCounts> counted,
        IReadOnlyList<ReadOnlyMemory<float>?> vectors,
        CancellationToken cancellationToken)
    {
        var first = await CountInAsync(connection, version, counted, cancellationToken);
        await AddEntriesAsync(connection, version, document, counted, first, cancellationToken);
        await AddPostingsAsync(connection, version, counted, first, cancellationToken);
        await AddVectorsAsync(connection, version, vectors, first, cancellationToken);
    }

    public static Task RemoveAsync(NpgsqlConnection connection, IndexVersionRow version, Guid documentId, CancellationToken cancellationToken) =>
        connection.DoAsync(
            """
            with gone as (
                delete from index_entries where tenant_id = $1 and index_id = $2 and document_id = $3 returning chunk, length, terms),
            without_postings as (
                delete from postings p using (select chunk, unnest(terms) as term from gone) g
                where p.tenant_id = $1 and p.index_id = $2 and p.term = g.term and p.chunk = g.chunk),
            without_vectors as (
                delete from vectors v using gone g where v.tenant_id = $1 and v.index_id = $2 and v.chunk = g.chunk)
            update index_versions
            set chunks = chunks - (select count(*) from gone), terms = terms - (select coalesce(sum(length), 0) from gone)
            where tenant_id = $1 and id = $2 and exists (select from gone)
            """, [version.TenantId, version.Id, documentId], cancellationToken);

    private static async Task<int> CountInAsync(
        NpgsqlConnection connection, IndexVersionRow version, IReadOnlyList<TermCounts> counted, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            """
            update index_versions set chunks = chunks + $3, terms = terms + $4, next_chunk = next_chunk + $3
            where tenant_id = $1 and id = $2 returning next_chunk - $3, chunks
            """, version.TenantId, version.Id, counted.Count, counted.Sum(chunk => (long)chunk.Length));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        version.Chunks = row.GetInt32(1);
        return row.GetInt32(0);
    }

    private static Task AddEntriesAsync(
        NpgsqlConnection connection, IndexVersionRow version, DocumentChunks document, IReadOnlyList<TermCounts> counted, int first, CancellationToken cancellationToken) =>
        // No term holds a space.
        connection.DoAsync(
            """
            insert into index_entries (tenant_id, index_id, chunk, document_id, ordinal, length, terms)
            select $1, $2, $3 + place - 1, $4, ordinal, length, string_to_array(terms, ' ')
            from unnest($5, $6, $7) with ordinality chunk (ordinal, length, terms, place)
            """,
            [
                version.TenantId, version.Id, first, document.DocumentId,
                document.Chunks.Select(chunk => chunk.Ordinal).ToArray(),
                counted.Select(chunk => chunk.Length).ToArray(),
                counted.Select(chunk => string.Join(' ', chunk.Terms)).ToArray(),
            ],
            cancellationToken);

    private static Task AddPostingsAsync(
        NpgsqlConnection connection, IndexVersionRow version, IReadOnlyList<TermCounts> counted, int first, CancellationToken cancellationToken) =>
        connection.DoAsync(
            """
            insert into postings (tenant_id, index_id, term, chunk, frequency, length)
            select $1, $2, term, chunk, frequency, length from unnest($3, $4, $5, $6) posting (term, chunk, frequency, length)
            """,
            [
                version.TenantId, version.Id,
                counted.SelectMany(chunk => chunk.Terms).ToArray(),
                counted.SelectMany((chunk, place) => Enumerable.Repeat(first + place, chunk.Terms.Length)).ToArray(),
                counted.SelectMany(chunk => chunk.Counts).ToArray(),
                counted.SelectMany(chunk => Enumerable.Repeat(chunk.Length, chunk.Terms.Length)).ToArray(),
            ],
            cancellationToken);

    private static Task AddVectorsAsync(
        NpgsqlConnection connection, IndexVersionRow version, IReadOnlyList<ReadOnlyMemory<float>?> vectors, int first, CancellationToken cancellationToken)
    {
        var known = vectors.Select((vector, place) => (vector, place)).Where(chunk => chunk.vector is not null).ToList();
        return known.Count == 0
            ? Task.CompletedTask
            : connection.DoAsync(
                "insert into vectors (tenant_id, index_id, chunk, embedding) select $1, $2, chunk, embedding from unnest($3, $4) one (chunk, embedding)",
                [
                    version.TenantId, version.Id,
                    known.Select(chunk => first + chunk.place).ToArray(),
                    known.Select(chunk => new Vector(chunk.vector!.Value)).ToArray(),
                ],
                cancellationToken);
    }
}
