using Npgsql;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Versions;
using Pgvector;

namespace Orchestration.Indexing.Semantics;

/// <summary>An index's latent-semantic space in the database: a row for each term, so that every replica places texts alike and holds none of it in memory.</summary>
internal static class LatentTerms
{
    public static async Task SaveAsync(NpgsqlConnection connection, IndexVersionRow version, FittedSpace space, CancellationToken cancellationToken)
    {
        await connection.DoAsync(
            """
            insert into latent_terms (tenant_id, index_id, term, weight, direction)
            select $1, $2, term, weight, direction from unnest($3, $4, $5) one (term, weight, direction)
            """,
            [
                version.TenantId, version.Id, space.Terms, space.Weights,
                Enumerable.Range(0, space.Terms.Length)
                    .Select(term => new HalfVector(Array.ConvertAll(space.Direction(term), number => (Half)number)))
                    .ToArray(),
            ],
            cancellationToken);
        version.Dimensions = space.Dimensions;
        await connection.DoAsync(
            "update index_versions set dimensions = $3 where tenant_id = $1 and id = $2",
            [version.TenantId, version.Id, space.Dimensions], cancellationToken);
    }

    /// <returns>A vector for each text; null for a text of which the space knows nothing, and for all as long as there is no space.</returns>
    public static async Task<IReadOnlyList<ReadOnlyMemory<float>?>> PlaceAsync(
        NpgsqlConnection connection, IndexVersionRow version, IReadOnlyList<TermCounts> texts, CancellationToken cancellationToken)
    {
        if (version.Dimensions is not { } dimensions)
            return new ReadOnlyMemory<float>?[texts.Count];

        var terms = await LoadAsync(connection, version, [.. texts.SelectMany(text => text.Terms).Distinct(StringComparer.Ordinal)], cancellationToken);
        return [.. texts.Select(text => LatentSpace.Place(text, terms, dimensions) is { } vector ? (ReadOnlyMemory<float>?)vector : null)];
    }

    private static async Task<Dictionary<string, LatentTerm>> LoadAsync(
        NpgsqlConnection connection, IndexVersionRow version, string[] terms, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(
            "select term, weight, direction from latent_terms where tenant_id = $1 and index_id = $2 and term = any($3)",
            version.TenantId, version.Id, terms);
        var known = new Dictionary<string, LatentTerm>(StringComparer.Ordinal);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var direction = row.GetFieldValue<HalfVector>(2).ToArray();
            known.Add(row.GetString(0), new LatentTerm(row.GetFloat(1), Array.ConvertAll(direction, number => (float)number)));
        }

        return known;
    }
}
