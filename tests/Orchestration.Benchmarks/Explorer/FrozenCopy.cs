using Npgsql;
using NpgsqlTypes;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>
/// A binary COPY into a table that is emptied first, so that its rows are frozen at once: they look as they would after the vacuum that
/// production has had by then.
/// </summary>
internal sealed class FrozenCopy : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly NpgsqlBinaryImporter _importer;

    public FrozenCopy(NpgsqlDataSource database, string table, string columns)
    {
        _connection = database.OpenConnection();
        _transaction = _connection.BeginTransaction();
        using (var batch = new NpgsqlBatch(_connection, _transaction))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"ALTER TABLE {table} SET UNLOGGED"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"TRUNCATE {table}"));
            batch.ExecuteNonQuery();
        }

        _importer = _connection.BeginBinaryImport($"COPY {table} ({columns}) FROM STDIN (FORMAT binary, FREEZE)");
        _importer.Timeout = TimeSpan.FromMinutes(10);
    }

    public FrozenCopy Row(Guid id)
    {
        _importer.StartRow();
        Id(id);
        return this;
    }

    public void Text(string text) => _importer.Write(text, NpgsqlDbType.Text);

    public void Json(string json) => _importer.Write(json, NpgsqlDbType.Jsonb);

    public void Id(Guid id) => _importer.Write(id, NpgsqlDbType.Uuid);

    public void Flag(bool flag) => _importer.Write(flag, NpgsqlDbType.Boolean);

    public void Number(int number) => _importer.Write(number, NpgsqlDbType.Integer);

    public void Count(long count) => _importer.Write(count, NpgsqlDbType.Bigint);

    public void Moment(DateTimeOffset moment) => _importer.Write(moment, NpgsqlDbType.TimestampTz);

    public void Money(decimal? amount)
    {
        if (amount is { } value)
            _importer.Write(value, NpgsqlDbType.Numeric);
        else
            Nothing();
    }

    public void Milliseconds(double? milliseconds)
    {
        if (milliseconds is { } value)
            _importer.Write(value, NpgsqlDbType.Double);
        else
            Nothing();
    }

    public void Nothing() => _importer.WriteNull();

    public void Complete()
    {
        _importer.Complete();
        _importer.Dispose();
        _transaction.Commit();
    }

    public void Dispose()
    {
        _importer.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
    }
}
