using Npgsql;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Versions;
using Pgvector;

namespace Orchestration.Indexing.Search;

/// <summary>Cosine similarity of a query's vector to those of an index.</summary>
internal static class VectorRanking
{
    /// <summary>Up to so many vectors, comparing them all is as fast as an approximate index, and exact.</summary>
    public const int ExactUpTo = 10_000;

    private const int LongestIndexedVector = 2000;
    private const int LongestIndexedHalfVector = 4000;

    /// <summary>The nearest chunks, through the approximate index where there is one and the filter leaves it enough to find.</summary>
    public static async Task<Dictionary<int, double>> NearestAsync(
        NpgsqlConnection connection, IndexVersionRow version, ReadOnlyMemory<float> vector, int count, int[]? allowed, CancellationToken cancellationToken)
    {
        var exact = (allowed?.Length ?? version.Chunks) <= ExactUpTo || IsTooLongForAnIndex(vector.Length);
        if (!exact)
            await SearchDeeplyAsync(connection, count, cancellationToken);

        // The index is on the cast: without it, Postgres compares all.
        var type = exact ? "" : vector.Length <= LongestIndexedVector ? $"::vector({vector.Length})" : $"::halfvec({vector.Length})";
        var filter = allowed is null ? "" : "and chunk = any($4)";
        await using var command = connection.Statement(
            $"""
            select chunk, 1 - (embedding{type} <=> $2{type}) from vectors
            where tenant_id = $1 and index_id = {version.Id} {filter}
            order by embedding{type} <=> $2{type} limit $3
            """, version.TenantId, new Vector(vector), count);
        if (allowed is not null)
            command.Parameters.Add(new NpgsqlParameter { Value = allowed });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Similarities of the given chunks.</summary>
    public static async Task<Dictionary<int, double>> OfAsync(
        NpgsqlConnection connection, IndexVersionRow version, ReadOnlyMemory<float> vector, int[] chunks, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            $"select chunk, 1 - (embedding <=> $2) from vectors where tenant_id = $1 and index_id = {version.Id} and chunk = any($3)",
            version.TenantId, new Vector(vector), chunks);
        return await ReadAsync(command, cancellationToken);
    }

    public static bool IsTooLongForAnIndex(int dimensions) => dimensions > LongestIndexedHalfVector;

    // With a filter, the scan goes on in the index until enough rows have passed it.
    private static Task SearchDeeplyAsync(NpgsqlConnection connection, int count, CancellationToken cancellationToken) =>
        connection.DoAsync(
            "select set_config('hnsw.ef_search', $1, true), set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.max_scan_tuples', '100000', true)",
            [Math.Clamp(2 * count, 100, 1000).ToString(System.Globalization.CultureInfo.InvariantCulture)], cancellationToken);

    private static async Task<Dictionary<int, double>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var similarities = new Dictionary<int, double>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            // A stored vector of zeros has no angle to anything.
            if (row.GetDouble(1) is var similarity && double.IsFinite(similarity))
                similarities.Add(row.GetInt32(0), similarity);
        }

        return similarities;
    }
}
