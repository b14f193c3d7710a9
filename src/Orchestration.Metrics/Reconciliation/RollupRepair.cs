using Npgsql;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reconciliation;

/// <summary>
/// Makes rollups again that others hold the parts of: slices of projects by model from the cells, months of end users and tags from their days. A
/// version that does not know them leaves them behind while it records beside a newer one. A tenant's closed month stays as it is.
/// </summary>
/// <remarks>
/// What is missing is added, and recorders add the same to both sides in one transaction: the difference of one instant is right at any later
/// one. Two repairs at once would add it twice: each waits for the one before it, also when a run has lost its own lock with its connection.
/// </remarks>
internal sealed class RollupRepair(NpgsqlDataSource dataSource)
{
    private static readonly string[] Measures = [.. RollupTables.UsageCounts, .. RollupTables.UsageAmounts];
    private static readonly string Columns = string.Join(", ", Measures);
    private static readonly string Less = string.Join(", ", Measures.Select(measure => $"-{measure}"));
    private static readonly string Sums = string.Join(", ", Measures.Select(measure => $"sum({measure})"));
    private static readonly string Something = string.Join(" OR ", Measures.Select(measure => $"sum({measure}) <> 0"));
    private static readonly string Added = string.Join(", ", Measures.Select(measure => $"{measure} = stored.{measure} + excluded.{measure}"));

    private const string Keys = "tenant_id, dimension, grain, bucket, value, detail, currency, simulated";

    private static readonly string ByModel = Statement($"""
        SELECT tenant_id, '{SliceDimension.ProjectModel}' AS dimension, g.grain, date_trunc(g.unit, bucket, 'UTC') AS bucket, project_id AS value,
            provider || chr(30) || model AS detail, currency, simulated, {Columns}
        FROM usage_cells c CROSS JOIN grains g WHERE c.bucket >= $1 AND c.bucket < $2
        UNION ALL
        SELECT {Keys}, {Less} FROM usage_slices s
        WHERE s.dimension = '{SliceDimension.ProjectModel}' AND s.grain IN ('quarter', 'day') AND s.bucket >= $1 AND s.bucket < $2
        """);

    private static readonly string ByMonth = Statement($"""
        SELECT tenant_id, dimension, 'month' AS grain, date_trunc('month', bucket, 'UTC') AS bucket, value, detail, currency, simulated, {Columns}
        FROM usage_slices s WHERE s.dimension IN ('{SliceDimension.EndUser}', '{SliceDimension.Tag}') AND s.grain = 'day' AND s.bucket >= $1 AND s.bucket < $2
        UNION ALL
        SELECT {Keys}, {Less}
        FROM usage_slices s WHERE s.dimension IN ('{SliceDimension.EndUser}', '{SliceDimension.Tag}') AND s.grain = 'month' AND s.bucket >= $1 AND s.bucket < $2
        """);

    /// <summary>Slices of projects by model of a day of UTC. Returns how many changed.</summary>
    public Task<int> OfDayAsync(DateOnly day, CancellationToken cancellationToken) =>
        RunAsync(ByModel, day, day.AddDays(1), cancellationToken);

    /// <summary>The month of end users and tags that a day begins. Returns how many changed.</summary>
    public Task<int> OfMonthAsync(DateOnly first, CancellationToken cancellationToken) =>
        RunAsync(ByMonth, first, first.AddMonths(1), cancellationToken);

    private async Task<int> RunAsync(string statement, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Command("SET LOCAL statement_timeout = 0").ExecuteAsync(cancellationToken);
        await connection.Command("SELECT pg_advisory_xact_lock(hashtext('rollup_repair'))").ExecuteAsync(cancellationToken);
        // No month is closed between the look at the closed ones and the commit.
        await connection.Command("SELECT pg_advisory_xact_lock_shared(hashtext('closed_months'))").ExecuteAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        foreach (var bound in new[] { from, to })
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = new DateTimeOffset(bound, TimeOnly.MinValue, TimeSpan.Zero) });
        var changed = await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    // In the order in which recorders take the rows.
    private static string Statement(string parts) => $"""
        WITH grains (grain, unit) AS (VALUES ('{SliceGrain.Day}', 'day'), ('{SliceGrain.Quarter}', 'minute'))
        INSERT INTO usage_slices AS stored ({Keys}, {Columns})
        SELECT {Keys}, {Sums} FROM ({parts}) parts
        WHERE NOT EXISTS (SELECT FROM closed_months m WHERE m.tenant_id IN ('', parts.tenant_id) AND m.period_from < $2 AND $1 < m.period_to)
        GROUP BY {Keys} HAVING {Something} ORDER BY {Keys}
        ON CONFLICT ({Keys}) DO UPDATE SET {Added}
        """;
}
