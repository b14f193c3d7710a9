using Npgsql;

namespace Orchestration.Indexing.Versions;

/// <summary>A transaction in which the database shows one tenant's rows only.</summary>
internal sealed class TenantSession : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private TenantSession(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (Connection, _transaction) = (connection, transaction);

    public NpgsqlConnection Connection { get; }

    public static async Task<TenantSession> OpenAsync(NpgsqlDataSource database, string tenantId, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var session = new TenantSession(connection, await connection.BeginTransactionAsync(cancellationToken));
            await connection.EnterTenantAsync(tenantId, cancellationToken);
            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
