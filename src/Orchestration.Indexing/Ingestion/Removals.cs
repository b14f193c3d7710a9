using Npgsql;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Ingestion;

/// <summary>
/// Deletes documents and collections with all that was made of them, in one transaction that counts what is left. Locks in the order
/// of every writer: the collection's lock, documents by id, indexes.
/// </summary>
internal sealed class Removals(NpgsqlDataSource database, TimeProvider time)
{
    /// <returns>Null when there is no such document.</returns>
    public async Task<Removal?> DocumentAsync(string tenantId, string collection, string documentId, CancellationToken cancellationToken)
    {
        if (collection.Contains('\0') || documentId.Contains('\0'))
            return null;
        await using var session = await TenantSession.OpenAsync(database, tenantId, cancellationToken);
        var connection = session.Connection;
        await IndexVersions.LockAsync(connection, tenantId, collection, alone: false, cancellationToken);
        await MarkAsync(connection, tenantId, collection, documentId, cancellationToken);
        var locked = await LockAsync(connection, tenantId, collection, documentId, cancellationToken);
        var removal = await CountAsync(connection, tenantId, locked, cancellationToken);
        foreach (var id in locked)
            await ChunkIndexer.RemoveAsync(connection, tenantId, collection, id, cancellationToken);
        await connection.DoAsync("delete from documents where tenant_id = $1 and id = any($2)", [tenantId, locked], cancellationToken);
        await DemandNothingLeftAsync(connection, tenantId, locked, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return locked.Length > 0 ? removal : null;
    }

    /// <returns>Null when there is no such collection.</returns>
    public async Task<Removal?> CollectionAsync(string tenantId, string collection, CancellationToken cancellationToken)
    {
        if (collection.Contains('\0'))
            return null;
        await using var session = await TenantSession.OpenAsync(database, tenantId, cancellationToken);
        var connection = session.Connection;
        await IndexVersions.LockAsync(connection, tenantId, collection, alone: true, cancellationToken);
        await MarkAsync(connection, tenantId, collection, "", cancellationToken);
        var locked = await LockAsync(connection, tenantId, collection, null, cancellationToken);
        var removal = await CountAsync(connection, tenantId, locked, cancellationToken);
        await connection.DoAsync("delete from documents where tenant_id = $1 and collection = $2", [tenantId, collection], cancellationToken);
        await connection.DoAsync("delete from index_versions where tenant_id = $1 and collection = $2", [tenantId, collection], cancellationToken);
        await using var delete = connection.Statement("delete from collections where tenant_id = $1 and name = $2", tenantId, collection);
        var found = await delete.ExecuteNonQueryAsync(cancellationToken) > 0;
        await DemandNothingLeftAsync(connection, tenantId, locked, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return found ? removal : null;
    }

    private Task MarkAsync(NpgsqlConnection connection, string tenantId, string collection, string documentId, CancellationToken cancellationToken) =>
        connection.DoAsync(
            """
            insert into deleted_documents (tenant_id, collection, external_id, deleted_at) values ($1, $2, $3, $4)
            on conflict (tenant_id, collection, external_id) do update set deleted_at = excluded.deleted_at
            """, [tenantId, collection, documentId, time.GetUtcNow()], cancellationToken);

    private static async Task<Guid[]> LockAsync(
        NpgsqlConnection connection, string tenantId, string collection, string? documentId, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            $"select id from documents where tenant_id = $1 and collection = $2 {(documentId is null ? "" : "and external_id = $3")} order by id for update",
            documentId is null ? [tenantId, collection] : [tenantId, collection, documentId]);
        var ids = new List<Guid>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            ids.Add(row.GetGuid(0));
        return [.. ids];
    }

    private static async Task<Removal> CountAsync(NpgsqlConnection connection, string tenantId, Guid[] documents, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            """
            select (select count(*) from chunks where tenant_id = $1 and document_id = any($2)),
                   (select count(*) from index_entries where tenant_id = $1 and document_id = any($2)),
                   (select count(*) from documents where tenant_id = $1 and id = any($2) and state in ($3, $4))
            """, tenantId, documents, (int)DocumentState.Queued, (int)DocumentState.Processing);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new Removal { Documents = documents.Length, Chunks = (int)row.GetInt64(0), IndexEntries = (int)row.GetInt64(1), Queued = (int)row.GetInt64(2) };
    }

    private static async Task DemandNothingLeftAsync(NpgsqlConnection connection, string tenantId, Guid[] documents, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            """
            select (select count(*) from documents where tenant_id = $1 and id = any($2))
                 + (select count(*) from document_files where tenant_id = $1 and document_id = any($2))
                 + (select count(*) from chunks where tenant_id = $1 and document_id = any($2))
                 + (select count(*) from index_entries where tenant_id = $1 and document_id = any($2))
            """, tenantId, documents);
        if ((long)(await command.ExecuteScalarAsync(cancellationToken))! is > 0 and var left)
            throw new InvalidOperationException($"A deletion left {left} rows behind; nothing was deleted.");
    }
}
