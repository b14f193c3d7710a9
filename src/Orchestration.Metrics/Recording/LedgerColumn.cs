using Npgsql;
using NpgsqlTypes;

namespace Orchestration.Metrics.Recording;

/// <summary>A column of the ledger: its name, who tells it, and how it is sent as one array for all rows.</summary>
internal sealed record LedgerColumn<TRow>(string Name, ColumnSource Source, Func<IReadOnlyCollection<TRow>, NpgsqlParameter> Send)
{
    public static LedgerColumn<TRow> Text(string name, ColumnSource source, Func<TRow, string?> value) =>
        Of(name, source, NpgsqlDbType.Text, row => StoredText.Fit(value(row)));

    public static LedgerColumn<TRow> Json(string name, ColumnSource source, Func<TRow, string?> value) =>
        Of(name, source, NpgsqlDbType.Jsonb, value);

    public static LedgerColumn<TRow> Id(string name, ColumnSource source, Func<TRow, Guid?> value) =>
        Of(name, source, NpgsqlDbType.Uuid, value);

    public static LedgerColumn<TRow> Flag(string name, ColumnSource source, Func<TRow, bool?> value) =>
        Of(name, source, NpgsqlDbType.Boolean, value);

    public static LedgerColumn<TRow> Number(string name, ColumnSource source, Func<TRow, int?> value) =>
        Of(name, source, NpgsqlDbType.Integer, value);

    public static LedgerColumn<TRow> Count(string name, ColumnSource source, Func<TRow, long?> value) =>
        Of(name, source, NpgsqlDbType.Bigint, value);

    public static LedgerColumn<TRow> Money(string name, ColumnSource source, Func<TRow, decimal?> value) =>
        Of(name, source, NpgsqlDbType.Numeric, value);

    public static LedgerColumn<TRow> Milliseconds(string name, ColumnSource source, Func<TRow, double?> value) =>
        Of(name, source, NpgsqlDbType.Double, value);

    public static LedgerColumn<TRow> Moment(string name, ColumnSource source, Func<TRow, DateTimeOffset?> value) =>
        Of(name, source, NpgsqlDbType.TimestampTz, row => value(row)?.ToUniversalTime());

    private static LedgerColumn<TRow> Of<TValue>(string name, ColumnSource source, NpgsqlDbType type, Func<TRow, TValue> value) =>
        new(name, source, rows => new NpgsqlParameter<TValue[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | type,
            TypedValue = [.. rows.Select(value)],
        });
}
