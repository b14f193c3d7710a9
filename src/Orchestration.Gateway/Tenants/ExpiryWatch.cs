using MassTransit;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Authentication;

namespace Orchestration.Gateway.Tenants;

/// <summary>
/// Tells of keys that come to their end, before it comes. Of several gateways one looks at a time. What the broker did not take is told with
/// the next look: at least once, and marked only after.
/// </summary>
internal sealed partial class ExpiryWatch(
    NpgsqlDataSource dataSource, IBus bus, IOptions<KeyOptions> options, TimeProvider timeProvider, ILogger<ExpiryWatch> logger) : BackgroundService
{
    private const long Lock = 0x4B65_7945_6E64_7321;
    private const string TakeTurn = "SELECT pg_try_advisory_xact_lock($1)";
    private const string Due = """
        SELECT k.tenant_id, k.project_id, k.public_id, k.name, true AS expiring, k.expires_at
        FROM client_keys k LEFT JOIN key_uses u USING (tenant_id, public_id)
        WHERE k.status = 'active' AND k.expires_at > $1 AND k.expires_at <= $2 AND u.expiry_told_for IS DISTINCT FROM k.expires_at
        UNION ALL
        SELECT k.tenant_id, k.project_id, k.public_id, k.name, false, u.expiry_told_for
        FROM key_uses u JOIN client_keys k USING (tenant_id, public_id)
        WHERE u.expiry_told_for > $1 AND (k.status <> 'active' OR k.expires_at IS NULL OR k.expires_at > $2)
        LIMIT 1000
        """;

    private const string Mark = """
        INSERT INTO key_uses (tenant_id, public_id, expiry_told_for) VALUES ($1, $2, $3)
        ON CONFLICT (tenant_id, public_id) DO UPDATE SET expiry_told_for = excluded.expiry_told_for
        """;

    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ExpiryLookEvery, timeProvider);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var turn = new NpgsqlCommand(TakeTurn, connection, transaction) { Parameters = { new NpgsqlParameter<long> { TypedValue = Lock } } };
            if (await turn.ExecuteScalarAsync(cancellationToken) is not true)
                return;
            foreach (var news in await FindAsync(connection, transaction, cancellationToken))
            {
                await PublishAsync(news, cancellationToken);
                await MarkAsync(news, connection, transaction, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Later(logger, exception.Message);
        }
    }

    private async Task<List<ClientKeyExpiring>> FindAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        await using var command = new NpgsqlCommand(Due, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now + options.Value.TellExpiryBefore).UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<ClientKeyExpiring>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new ClientKeyExpiring
            {
                TenantId = reader.GetString(0),
                ProjectId = reader.GetString(1),
                KeyId = reader.GetString(2),
                Name = reader.GetString(3),
                Expiring = reader.GetBoolean(4),
                ExpiresAt = new DateTimeOffset(reader.GetDateTime(5)),
                FoundAt = now,
            });
        }

        return found;
    }

    // The broker blocks publishers that it has no room for; the transaction must not wait with them.
    private async Task PublishAsync(ClientKeyExpiring news, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(PublishTimeout);
        await bus.Publish(news, deadline.Token).WaitAsync(deadline.Token);
    }

    private static async Task MarkAsync(ClientKeyExpiring news, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Mark, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = news.TenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = news.KeyId });
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = news.Expiring ? news.ExpiresAt.UtcDateTime : null });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Keys that come to their end are told of later: {Reason}")]
        public static partial void Later(ILogger logger, string reason);
    }
}
