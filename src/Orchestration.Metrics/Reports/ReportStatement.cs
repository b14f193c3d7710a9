using Npgsql;
using NpgsqlTypes;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reports;

/// <summary>Writes the statement that sums a rollup by period and group.</summary>
/// <remarks>
/// The rows of each tenant and range are read by a lateral query of their own, which can only be answered by one range of the
/// table's key; all are summed at once, since the planner, which knows nothing of these ranges, would sort them to sum them apart.
/// </remarks>
internal static class ReportStatement
{
    /// <param name="question">What is asked.</param>
    /// <param name="source">Where the answer stands.</param>
    /// <param name="ranges">Which buckets count.</param>
    /// <param name="tenants">Tenants that count.</param>
    /// <param name="extra">Columns that group besides the dimensions, such as the currency.</param>
    /// <param name="sums">Columns that are summed, with their types.</param>
    public static NpgsqlCommand Create(
        ReportQuestion question, ReportSource source, BucketRanges ranges, string[] tenants, string[] extra, IReadOnlyList<(string Column, string Type)> sums)
    {
        var command = new NpgsqlCommand();
        var columns = question.GroupBy.Select((dimension, index) => $"{ColumnOf(source, dimension)} AS d{index}")
            .Concat(extra.Select((column, index) => $"{column} AS e{index}"))
            .Concat(sums.Select((sum, index) => $"{sum.Column} AS s{index}"));
        var names = question.GroupBy.Select((_, index) => $"d{index}").Concat(extra.Select((_, index) => $"e{index}")).ToList();
        var conditions = Conditions(command, question, source);
        Add(command, ranges, tenants);
        var sql = $"""
            SELECT {string.Join("", names.Select(name => name + ", "))}p.ordinal, {string.Join(", ", sums.Select((sum, index) => $"sum(s{index})::{sum.Type}"))}
            FROM unnest(@ordinals, @grains, @starts, @ends) AS p(ordinal, grain, starts, ends)
            CROSS JOIN unnest(@tenants) AS t(id)
            CROSS JOIN LATERAL (
                SELECT {string.Join(", ", columns)} FROM {source.Table} AS stored
                WHERE stored.tenant_id = t.id AND stored.bucket >= p.starts AND stored.bucket < p.ends{conditions} OFFSET 0) AS part
            GROUP BY {string.Join("", names.Select(name => name + ", "))}p.ordinal
            """;
        command.CommandText = sql;
        return command;
    }

    /// <summary>Writes the statement that tells the rows themselves: the dimensions, the period, and some columns.</summary>
    public static NpgsqlCommand Create(ReportQuestion question, ReportSource source, BucketRanges ranges, string[] tenants, string[] columns)
    {
        var command = new NpgsqlCommand();
        var conditions = Conditions(command, question, source);
        Add(command, ranges, tenants);
        var told = string.Join(", ", question.GroupBy.Select((dimension, index) => $"{ColumnOf(source, dimension)} AS d{index}").Concat(columns));
        command.CommandText = $"""
            SELECT part.*, p.ordinal
            FROM unnest(@ordinals, @grains, @starts, @ends) AS p(ordinal, grain, starts, ends)
            CROSS JOIN unnest(@tenants) AS t(id)
            CROSS JOIN LATERAL (
                SELECT {told} FROM {source.Table} AS stored
                WHERE stored.tenant_id = t.id AND stored.bucket >= p.starts AND stored.bucket < p.ends{conditions} OFFSET 0) AS part
            """;
        return command;
    }

    private static string Conditions(NpgsqlCommand command, ReportQuestion question, ReportSource source)
    {
        var conditions = " AND stored.simulated = @simulated";
        command.Parameters.Add(new NpgsqlParameter<bool>("simulated", question.Simulated));
        if (source.Slice is { } slice)
        {
            conditions += " AND stored.dimension = @slice AND stored.grain = p.grain";
            command.Parameters.Add(new NpgsqlParameter<string>("slice", slice));
            if (slice == SliceDimension.Tag)
            {
                conditions += " AND stored.value = @tag";
                command.Parameters.Add(new NpgsqlParameter<string>("tag", RollupText.Fit(question.TagName)));
            }
        }

        foreach (var (dimension, values) in question.Filters.Where(filter => filter.Key != ReportDimension.Tenant))
        {
            var name = "only_" + ReportDimensionNames.NameOf(dimension);
            conditions += $" AND {ColumnOf(source, dimension)} = ANY (@{name})";
            command.Parameters.Add(Texts(name, values.Select(RollupText.Fit)));
        }

        return conditions;
    }

    private static void Add(NpgsqlCommand command, BucketRanges ranges, string[] tenants)
    {
        command.Parameters.Add(new NpgsqlParameter<int[]>("ordinals", NpgsqlDbType.Array | NpgsqlDbType.Integer) { TypedValue = [.. ranges.Ordinals] });
        command.Parameters.Add(Texts("grains", ranges.Grains));
        command.Parameters.Add(Moments("starts", ranges.From));
        command.Parameters.Add(Moments("ends", ranges.To));
        command.Parameters.Add(Texts("tenants", tenants));
    }

    private static string ColumnOf(ReportSource source, ReportDimension dimension) =>
        dimension == ReportDimension.Tenant ? "stored.tenant_id" : source.Columns[dimension];

    private static NpgsqlParameter<string[]> Texts(string name, IEnumerable<string> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { TypedValue = [.. values] };

    private static NpgsqlParameter<DateTimeOffset[]> Moments(string name, IEnumerable<DateTimeOffset> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { TypedValue = [.. values] };
}
