using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Providers.Credentials.Pools;

namespace Orchestration.Providers.Credentials.Storage;

/// <summary>Keeps the pools as the database is: woken by its notifications, and looking at its change mark every second all the same.</summary>
internal sealed partial class StoredKeys(
    CredentialStore store,
    CredentialEnvelope envelope,
    KeyPools pools,
    NpgsqlDataSource dataSource,
    IOptions<CredentialOptions> options,
    TimeProvider time,
    ILogger<StoredKeys> logger) : BackgroundService
{
    public const string Channel = "credentials";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _mark;
    private bool _away;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The first request should find the stored keys, and a database that is away should not keep the service from starting.
        using var patience = new CancellationTokenSource(StartPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await RefreshAsync(either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            TellAway(exception);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes what the database holds, when it changed.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var mark = await store.ReadMarkAsync(cancellationToken);
            if (mark == _mark) return;
            var rows = await store.LoadAsync(cancellationToken);
            pools.ReplaceStored([.. rows.Select(row => KeyFacts.Of(row, envelope.Open(row.Identity, row.Sealed)))]);
            // Read before the rows, so that a change in between is seen at the next look.
            _mark = mark;
            Log.Taken(logger, rows.Count);
        }
        finally
        {
            _gate.Release();
        }
    }

    public override void Dispose()
    {
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                TellAway(exception);
            }
            catch (Exception)
            {
                return;
            }

            await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(stoppingToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
        while (true)
        {
            await RefreshAsync(stoppingToken);
            if (_away) Log.Back(logger);
            _away = false;
            await connection.WaitAsync(options.Value.PollInterval, stoppingToken);
        }
    }

    private void TellAway(Exception exception)
    {
        if (!_away) Log.Away(logger, exception is PostgresException postgres ? postgres.SqlState : exception.GetType().Name);
        _away = true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Count} stored keys were read")]
        public static partial void Taken(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "The stored keys cannot be read ({Reason}); the last known ones stay in use")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "The stored keys can be read again")]
        public static partial void Back(ILogger logger);
    }
}
