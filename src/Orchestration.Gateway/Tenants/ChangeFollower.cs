using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Tenants;

/// <summary>
/// Follows the change log by its numbers and drops from memory exactly what changed. A notification only wakes it up: what one gateway
/// never heard of, it finds by the numbers.
/// </summary>
internal sealed partial class ChangeFollower(
    NpgsqlDataSource dataSource,
    AccountDirectory accounts,
    EndUserDirectory endUsers,
    OperatorAuthenticator operators,
    OperatorSessions sessions,
    IOptions<KeyOptions> options,
    TimeProvider timeProvider,
    ILogger<ChangeFollower> logger) : BackgroundService
{
    private const string Channel = "account_changes";
    private const string Head = "SELECT number FROM account_change_head";
    private const string Next = "SELECT number, thing, tenant_id, subject FROM account_changes WHERE number > $1 ORDER BY number LIMIT 1000";
    private const int TimeoutSeconds = 2;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(500);
    private bool _isCutOff;

    /// <summary>Number of the last change that is known here; negative before the first look.</summary>
    public long Position { get; private set; } = -1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                if (!_isCutOff)
                    Log.CutOff(logger, exception.Message);
                _isCutOff = true;
                await Task.Delay(PauseAfterFailure, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection) { CommandTimeout = TimeoutSeconds })
            await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            await CatchUpAsync(connection, cancellationToken);
            if (_isCutOff)
                Log.Following(logger, Position);
            _isCutOff = false;
            await connection.WaitAsync(options.Value.ChangesEvery, cancellationToken);
        }
    }

    private async Task CatchUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var head = await HeadAsync(connection, cancellationToken);
        // At first, and when an older state of the database was restored, nothing that is remembered has a place in the log.
        if (Position < 0 || head < Position)
            Restart(head);

        while (Position < head)
        {
            await using var command = new NpgsqlCommand(Next, connection) { CommandTimeout = TimeoutSeconds };
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = Position });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!reader.HasRows)
                Restart(head);
            while (await reader.ReadAsync(cancellationToken))
            {
                Apply(reader.GetString(1), reader.GetString(2), reader.GetString(3));
                Position = reader.GetInt64(0);
            }
        }
    }

    private void Restart(long head)
    {
        accounts.ForgetAll();
        endUsers.ForgetAll();
        operators.ForgetAll();
        sessions.ForgetAll();
        Position = head;
    }

    private static async Task<long> HeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Head, connection) { CommandTimeout = TimeoutSeconds };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private void Apply(string thing, string tenantId, string subject)
    {
        switch (thing)
        {
            case ChangedThings.Key:
                accounts.ForgetKey(subject);
                break;
            case ChangedThings.Project:
                accounts.ForgetProject(tenantId, subject);
                break;
            case ChangedThings.Tenant:
                accounts.ForgetTenant(tenantId);
                break;
            case ChangedThings.EndUser:
                endUsers.Forget(tenantId);
                break;
            case ChangedThings.Operator:
                operators.Forget(subject);
                sessions.ForgetAll();
                break;
            default:
                // Of a newer version of the gateway: better to know nothing than something that is not so.
                accounts.ForgetAll();
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The change log of keys cannot be followed; known keys go on for a while: {Reason}")]
        public static partial void CutOff(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "The change log of keys is followed again, at {Position}")]
        public static partial void Following(ILogger logger, long position);
    }
}
