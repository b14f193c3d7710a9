using Npgsql;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reports;

/// <summary>What a report tells besides usage.</summary>
internal static class ReportFacts
{
    /// <summary>All tenants with usage.</summary>
    public static async Task<string[]> TenantsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"WITH {UsageTenants.All} SELECT coalesce(array_agg(id), '{{}}') FROM tenants WHERE id IS NOT NULL", connection);
        return (string[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static async Task<DateTimeOffset> NowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT now()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    public static async Task<long> QuarantinedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM quarantined_events WHERE state = 'waiting'", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Corrections of closed months that were made in the range, by currency.</summary>
    public static async Task<IReadOnlyDictionary<string, decimal>> AdjustmentsAsync(
        NpgsqlConnection connection, ReportQuestion question, List<string> notes, CancellationToken cancellationToken)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        if (question.Simulated)
            return sums;
        if (question.Filters.Keys.Any(dimension => dimension is not (ReportDimension.Project or ReportDimension.Provider or ReportDimension.Model)))
        {
            notes.Add("Adjustments are kept by project, provider and model, so this report has none.");
            return sums;
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT currency, sum(amount) FROM adjustments
            WHERE ($1 = '' OR tenant_id = $1) AND created_at >= $2 AND created_at < $3
              AND ($4::text[] IS NULL OR project_id = ANY ($4)) AND ($5::text[] IS NULL OR provider = ANY ($5)) AND ($6::text[] IS NULL OR model = ANY ($6))
            GROUP BY currency
            """,
            connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = question.TenantId },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = question.Periods.From },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = question.Periods.To },
                Only(question, ReportDimension.Project),
                Only(question, ReportDimension.Provider),
                Only(question, ReportDimension.Model),
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            sums[reader.GetString(0)] = reader.GetDecimal(1);
        return sums;
    }

    private static NpgsqlParameter Only(ReportQuestion question, ReportDimension dimension) => new()
    {
        NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text,
        Value = question.Filters.TryGetValue(dimension, out var values) ? values : DBNull.Value,
    };
}
