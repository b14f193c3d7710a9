using Npgsql;

namespace Orchestration.Indexing.Versions;

internal static class TenantStatements
{
    /// <summary>Shows the rows of one tenant until the transaction ends.</summary>
    public static Task EnterTenantAsync(this NpgsqlConnection connection, string tenantId, CancellationToken cancellationToken) =>
        connection.DoAsync("select set_config('app.tenant', $1, true)", [tenantId], cancellationToken);

    public static NpgsqlCommand Statement(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return command;
    }

    public static async Task DoAsync(this NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
