using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Orchestration.Metrics.Rollups;

/// <summary>A table of sums and the statement that adds to many of its rows at once.</summary>
internal sealed class RollupTable
{
    private readonly string[] _keys;
    private readonly string[] _counts;
    private readonly string[] _amounts;
    private readonly string _add;

    public RollupTable(string name, string[] keys, string[] counts, string[] amounts)
    {
        (_keys, _counts, _amounts) = (keys, counts, amounts);
        string[] sums = [.. counts, .. amounts];
        string[] columns = [.. keys, .. sums];
        _add = $"""
            INSERT INTO {name} AS stored ({string.Join(", ", columns)})
            SELECT * FROM unnest({string.Join(", ", columns.Select((_, index) => $"${index + 1}"))})
            ON CONFLICT ({string.Join(", ", keys)}) DO UPDATE SET
            {string.Join(", ", sums.Select(sum => $"{sum} = stored.{sum} + excluded.{sum}"))}
            """;
    }

    public RollupRow NewRow() => new(_counts.Length, _amounts.Length);

    /// <summary>Adds all that is not nothing, by key: transactions that lock in one order cannot deadlock.</summary>
    public void AddTo(NpgsqlBatch batch, IReadOnlyDictionary<string, RollupRow> rows)
    {
        var changed = rows.Where(row => !row.Value.IsNothing).OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
        if (changed.Count == 0)
            return;

        var parts = changed.ConvertAll(row => row.Key.Split(RollupText.Separator));
        var command = new NpgsqlBatchCommand(_add);
        for (var index = 0; index < _keys.Length; index++)
            command.Parameters.Add(RollupKey.Send(_keys[index], index, parts));
        for (var index = 0; index < _counts.Length; index++)
        {
            var place = index;
            command.Parameters.Add(Array(NpgsqlDbType.Bigint, changed.Select(row => row.Value.Counts[place])));
        }

        for (var index = 0; index < _amounts.Length; index++)
        {
            var place = index;
            command.Parameters.Add(Array(NpgsqlDbType.Numeric, changed.Select(row => row.Value.Amounts[place])));
        }

        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<TValue[]> Array<TValue>(NpgsqlDbType type, IEnumerable<TValue> values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = [.. values] };
}

/// <summary>Keys of rollup rows: their parts in the order of the table's key, as one text.</summary>
internal static class RollupKey
{
    public static string Of(params ReadOnlySpan<string> parts) => string.Join(RollupText.Separator, parts);

    public static string Moment(DateTimeOffset moment) => moment.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    public static string Flag(bool flag) => flag ? "1" : "0";

    public static NpgsqlParameter Send(string column, int index, List<string[]> keys) => column switch
    {
        "bucket" => new NpgsqlParameter<DateTimeOffset[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
            TypedValue = [.. keys.Select(key => new DateTimeOffset(long.Parse(key[index], CultureInfo.InvariantCulture), TimeSpan.Zero))],
        },
        "simulated" or "of_attempts" => new NpgsqlParameter<bool[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean,
            TypedValue = [.. keys.Select(key => key[index] == "1")],
        },
        _ => new NpgsqlParameter<string[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            TypedValue = [.. keys.Select(key => key[index])],
        },
    };
}
