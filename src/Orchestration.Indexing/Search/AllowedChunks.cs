using Npgsql;
using NpgsqlTypes;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Versions;

namespace Orchestration.Indexing.Search;

/// <summary>The chunks that a filter leaves.</summary>
internal static class AllowedChunks
{
    /// <returns>Numbers of the chunks, or null when nothing limits them.</returns>
    public static async Task<int[]?> FindAsync(
        NpgsqlConnection connection, IndexVersionRow version, PassageFilter filter, CancellationToken cancellationToken)
    {
        if (filter.IsNone)
            return null;

        await using var command = connection.Statement(
            """
            select coalesce(array_agg(e.chunk), '{}')
            from documents d join index_entries e on e.tenant_id = d.tenant_id and e.document_id = d.id
            where d.tenant_id = $1 and d.collection = $2 and e.index_id = $3
              and (cardinality($4) = 0 or d.external_id = any($4))
              and starts_with(d.external_id, $5)
              and ($6 is null or d.submitted_at >= $6) and ($7 is null or d.submitted_at < $7)
            """, version.TenantId, version.Collection, version.Id, filter.DocumentIds.ToArray(), filter.DocumentIdPrefix);
        command.Parameters.Add(Moment(filter.SubmittedFrom));
        command.Parameters.Add(Moment(filter.SubmittedBefore));
        return (int[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static NpgsqlParameter Moment(DateTimeOffset? at) =>
        new() { Value = (object?)at?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
