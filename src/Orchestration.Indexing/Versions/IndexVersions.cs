using Npgsql;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;

namespace Orchestration.Indexing.Versions;

/// <summary>
/// The indexes of a collection: one is live, another may be built beside it. Every writer holds the collection's lock in common, so
/// that an index is begun and made live while nobody writes, and no document can slip between the two.
/// </summary>
internal sealed class IndexVersions(TimeProvider time)
{
    private const string Columns =
        """
        id, collection, state, analyser, embedder, dimensions, chunks, terms, next_chunk, measured_chunks, vector_weight, usual_similarity,
        similarity_threshold, state_at
        """;

    public static Task<IndexVersionRow?> LiveAsync(NpgsqlConnection connection, string tenantId, string collection, CancellationToken cancellationToken) =>
        FindAsync(connection, tenantId, collection, IndexVersionState.Live, cancellationToken);

    public static async Task<IndexVersionRow?> FindAsync(
        NpgsqlConnection connection, string tenantId, string collection, IndexVersionState state, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            $"select {Columns} from index_versions where tenant_id = $1 and collection = $2 and state = $3", tenantId, collection, (int)state);
        return (await ReadAsync(command, tenantId, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The indexes that a document must be written to, locked until the transaction ends; the first document begins a live one.</summary>
    public async Task<List<IndexVersionRow>> OpenForWritingAsync(
        NpgsqlConnection connection, string tenantId, string collection, string embedder, CancellationToken cancellationToken)
    {
        var open = await FindForWritingAsync(connection, tenantId, collection, cancellationToken);
        if (open.Count > 0)
            return open;

        await connection.DoAsync("select pg_advisory_xact_lock(hashtextextended($1, 1))", [$"{tenantId}/{collection}"], cancellationToken);
        open = await LockedAsync(connection, tenantId, collection, cancellationToken);
        return open.Count > 0 ? open : [await BeginAsync(connection, tenantId, collection, embedder, IndexVersionState.Live, 0, cancellationToken)];
    }

    /// <summary>The indexes that a document must be taken out of, locked until the transaction ends.</summary>
    public static async Task<List<IndexVersionRow>> FindForWritingAsync(
        NpgsqlConnection connection, string tenantId, string collection, CancellationToken cancellationToken)
    {
        await LockAsync(connection, tenantId, collection, alone: false, cancellationToken);
        return await LockedAsync(connection, tenantId, collection, cancellationToken);
    }

    /// <summary>Begins an index beside the live one, in place of any that was being built.</summary>
    public async Task<IndexVersionRow?> BeginBuildingAsync(
        NpgsqlConnection connection, string tenantId, string collection, string? embedder, CancellationToken cancellationToken)
    {
        await LockAsync(connection, tenantId, collection, alone: true, cancellationToken);
        if (await LiveAsync(connection, tenantId, collection, cancellationToken) is not { } live)
            return null;

        await connection.DoAsync(
            "delete from index_versions where tenant_id = $1 and collection = $2 and state = $3",
            [tenantId, collection, (int)IndexVersionState.Building], cancellationToken);
        return await BeginAsync(
            connection, tenantId, collection, embedder ?? live.Embedder, IndexVersionState.Building, live.NextChunk, cancellationToken);
    }

    /// <summary>Makes the built index the one that answers; false when it is no longer being built.</summary>
    public async Task<bool> SwitchAsync(NpgsqlConnection connection, IndexVersionRow built, CancellationToken cancellationToken)
    {
        await LockAsync(connection, built.TenantId, built.Collection, alone: true, cancellationToken);
        if (await FindAsync(connection, built.TenantId, built.Collection, IndexVersionState.Building, cancellationToken) is not { } current || current.Id != built.Id)
            return false;

        await MoveAsync(connection, built, IndexVersionState.Live, IndexVersionState.Retired, cancellationToken);
        await MoveAsync(connection, built, IndexVersionState.Building, IndexVersionState.Live, cancellationToken);
        return true;
    }

    /// <summary>Removes what was retired before the given time.</summary>
    public static Task RemoveRetiredAsync(NpgsqlConnection connection, string tenantId, DateTimeOffset before, CancellationToken cancellationToken) =>
        connection.DoAsync(
            "delete from index_versions where tenant_id = $1 and state = $2 and state_at < $3",
            [tenantId, (int)IndexVersionState.Retired, before], cancellationToken);

    private async Task<IndexVersionRow> BeginAsync(
        NpgsqlConnection connection, string tenantId, string collection, string embedder, IndexVersionState state, int firstChunk, CancellationToken cancellationToken)
    {
        await using var insert = connection.Statement(
            $"""
            insert into index_versions (tenant_id, collection, state, analyser, embedder, chunks, terms, next_chunk, measured_chunks, vector_weight, usual_similarity, similarity_threshold, state_at)
            values ($1, $2, $3, $4, $5, 0, 0, $6, 0, 0, 0, 0, $7)
            returning {Columns}
            """, tenantId, collection, (int)state, TextAnalyzer.Version, embedder, firstChunk, time.GetUtcNow());
        var begun = (await ReadAsync(insert, tenantId, cancellationToken)).Single();
        await connection.DoAsync("select open_index($1)", [begun.Id], cancellationToken);
        return begun;
    }

    private Task MoveAsync(NpgsqlConnection connection, IndexVersionRow version, IndexVersionState from, IndexVersionState to, CancellationToken cancellationToken) =>
        connection.DoAsync(
            "update index_versions set state = $4, state_at = $5 where tenant_id = $1 and collection = $2 and state = $3",
            [version.TenantId, version.Collection, (int)from, (int)to, time.GetUtcNow()], cancellationToken);

    /// <summary>Keeps other writers of the collection away, or with <paramref name="alone"/> false only those that want to be alone. Taken before any row.</summary>
    public static Task LockAsync(NpgsqlConnection connection, string tenantId, string collection, bool alone, CancellationToken cancellationToken) =>
        connection.DoAsync(
            $"select pg_advisory_xact_lock{(alone ? "" : "_shared")}(hashtextextended($1, 0))", [$"{tenantId}/{collection}"], cancellationToken);

    private static async Task<List<IndexVersionRow>> LockedAsync(
        NpgsqlConnection connection, string tenantId, string collection, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            $"select {Columns} from index_versions where tenant_id = $1 and collection = $2 and state in ($3, $4) order by id for update",
            tenantId, collection, (int)IndexVersionState.Building, (int)IndexVersionState.Live);
        return await ReadAsync(command, tenantId, cancellationToken);
    }

    private static async Task<List<IndexVersionRow>> ReadAsync(NpgsqlCommand command, string tenantId, CancellationToken cancellationToken)
    {
        var versions = new List<IndexVersionRow>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            versions.Add(new IndexVersionRow
            {
                TenantId = tenantId,
                Id = row.GetInt32(0),
                Collection = row.GetString(1),
                State = (IndexVersionState)row.GetInt32(2),
                Analyser = row.GetInt32(3),
                Embedder = row.GetString(4),
                Dimensions = await row.IsDBNullAsync(5, cancellationToken) ? null : row.GetInt32(5),
                Chunks = row.GetInt32(6),
                Terms = row.GetInt64(7),
                NextChunk = row.GetInt32(8),
                MeasuredChunks = row.GetInt32(9),
                VectorWeight = row.GetDouble(10),
                UsualSimilarity = row.GetDouble(11),
                SimilarityThreshold = row.GetDouble(12),
                StateAt = row.GetFieldValue<DateTimeOffset>(13),
            });
        }

        return versions;
    }
}
