using Npgsql;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Postings;
using Pgvector;

namespace Orchestration.Indexing.Versions;

/// <summary>Reads back what a live index was made of.</summary>
internal static class IndexedTexts
{
    /// <summary>Chunks spread over the whole index, the same ones each time.</summary>
    /// <returns>The chunk as one document of its own.</returns>
    public static async Task<List<DocumentChunks>> SampleAsync(
        NpgsqlConnection connection, IndexVersionRow version, int count, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            """
            select e.document_id, d.title, c.ordinal, c.text, c.headings, v.embedding
            from (select * from index_entries where tenant_id = $1 and index_id = $2 order by hashint4(chunk), chunk limit $3) e
            join documents d on d.tenant_id = e.tenant_id and d.id = e.document_id
            join chunks c on c.tenant_id = e.tenant_id and c.document_id = e.document_id and c.ordinal = e.ordinal
            left join vectors v on v.tenant_id = e.tenant_id and v.index_id = e.index_id and v.chunk = e.chunk
            order by e.chunk
            """, version.TenantId, version.Id, count);
        return [.. (await ReadAsync(command, cancellationToken)).Select(row => new DocumentChunks(
            version.TenantId, version.Collection, row.Document, row.Title, version.Embedder, [row.Chunk]))];
    }

    /// <summary>The next documents after one, by id, that the live index holds and the other does not; locked, so that they stay as they are.</summary>
    public static async Task<List<DocumentChunks>> MissingAsync(
        NpgsqlConnection connection, IndexVersionRow live, IndexVersionRow built, Guid after, int count, CancellationToken cancellationToken)
    {
        await using var ids = connection.Statement(
            """
            select d.id from documents d
            where d.tenant_id = $1 and d.collection = $2 and d.id > $5
              and exists (select from index_entries e where e.tenant_id = $1 and e.index_id = $3 and e.document_id = d.id)
              and not exists (select from index_entries e where e.tenant_id = $1 and e.index_id = $4 and e.document_id = d.id)
            order by d.id limit $6 for share of d
            """, live.TenantId, live.Collection, live.Id, built.Id, after, count);
        var missing = new List<Guid>();
        await using (var row = await ids.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
                missing.Add(row.GetGuid(0));
        }

        await using var command = connection.Statement(
            """
            select e.document_id, d.title, c.ordinal, c.text, c.headings, v.embedding
            from index_entries e
            join documents d on d.tenant_id = e.tenant_id and d.id = e.document_id
            join chunks c on c.tenant_id = e.tenant_id and c.document_id = e.document_id and c.ordinal = e.ordinal
            left join vectors v on v.tenant_id = e.tenant_id and v.index_id = e.index_id and v.chunk = e.chunk
            where e.tenant_id = $1 and e.index_id = $2 and e.document_id = any($3)
            order by e.document_id, c.ordinal
            """, live.TenantId, live.Id, missing.ToArray());
        return [.. (await ReadAsync(command, cancellationToken))
            .GroupBy(row => (row.Document, row.Title))
            .Select(document => new DocumentChunks(
                live.TenantId, live.Collection, document.Key.Document, document.Key.Title, built.Embedder, [.. document.Select(row => row.Chunk)]))];
    }

    /// <summary>Whether the live index holds a document that the other does not. Locks nothing: a writer may wait for the caller with the document's row in its hands.</summary>
    public static async Task<bool> IsAnyMissingAsync(
        NpgsqlConnection connection, IndexVersionRow live, IndexVersionRow built, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            """
            select exists (select from index_entries one where one.tenant_id = $1 and one.index_id = $2
                and not exists (select from index_entries other where other.tenant_id = $1 and other.index_id = $3 and other.document_id = one.document_id))
            """, live.TenantId, live.Id, built.Id);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<List<(Guid Document, string Title, DocumentChunk Chunk)>> ReadAsync(
        NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var rows = new List<(Guid, string, DocumentChunk)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var vector = await row.IsDBNullAsync(5, cancellationToken) ? (ReadOnlyMemory<float>?)null : row.GetFieldValue<Vector>(5).Memory;
            rows.Add((row.GetGuid(0), row.GetString(1), new DocumentChunk(row.GetInt32(2), row.GetString(3), row.GetString(4), vector)));
        }

        return rows;
    }
}
