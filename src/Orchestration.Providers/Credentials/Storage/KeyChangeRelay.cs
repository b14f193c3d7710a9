using Orchestration.Contracts.Messages;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Data;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Credentials.Storage;

/// <summary>Stores and tells what attempts and balances have found out about keys. No request waits for it.</summary>
internal sealed partial class KeyChangeRelay(
    KeyChanges changes,
    CredentialStore store,
    HealthFeed feed,
    CredentialTelemetry telemetry,
    TimeProvider time,
    ILogger<KeyChangeRelay> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(stoppingToken)) await RelayAsync(change, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the next attempt with such a key finds the same.
        }
    }

    private async Task RelayAsync(KeyChange change, CancellationToken stoppingToken)
    {
        var key = change.Key;
        var state = NameOf(key);
        telemetry.Changed(key, state);
        if (key.Status == CredentialStatus.Active && !key.BalanceLow) Log.Usable(logger, key.Id, key.Provider, key.Region);
        else if (change.StateChanged) Log.Changed(logger, key.Id, key.Provider, key.Region, state, key.Reason);
        else Log.BalanceLow(logger, key.Id, key.Provider, key.Region, key.Balance?.ToString() ?? "");
        feed.Publish(MessageOf(key, state));
        if (change.StateChanged && key.Row is { } row) await StoreAsync(key, row, stoppingToken);
    }

    private async Task StoreAsync(KeyFacts key, (Guid Id, byte[] Nonce) row, CancellationToken stoppingToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stoppingToken);
        try
        {
            await store.SetStateAsync(row, key.Status, key.Reason, key.RetryAt, key.ChangedAt, either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.NotStored(logger, key.Id, exception.GetType().Name);
        }
    }

    private CredentialChanged MessageOf(KeyFacts key, string state) => new()
    {
        CredentialId = key.Id,
        Provider = key.Provider,
        Region = key.Region,
        Source = key.Source,
        State = state,
        Reason = key.Reason,
        Balance = key.Balance?.Amount,
        BalanceCurrency = key.Balance?.Currency ?? "",
        BalanceLow = key.BalanceLow,
        ChangedAt = time.GetUtcNow(),
    };

    private static string NameOf(KeyFacts key) => key.Status switch
    {
        CredentialStatus.Active => "active",
        CredentialStatus.Exhausted => "parked",
        _ => "disabled",
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Key {Key} of {Provider} {Region} is {State}: {Reason}")]
        public static partial void Changed(ILogger logger, string key, string provider, string region, string state, string reason);

        [LoggerMessage(LogLevel.Information, "Key {Key} of {Provider} {Region} is in use, its balance is above its warning level")]
        public static partial void Usable(ILogger logger, string key, string provider, string region);

        [LoggerMessage(LogLevel.Warning, "The balance of key {Key} of {Provider} {Region} is low: {Balance}")]
        public static partial void BalanceLow(ILogger logger, string key, string provider, string region, string balance);

        [LoggerMessage(LogLevel.Warning, "The state of key {Key} could not be stored ({Reason}); this replica goes by it all the same")]
        public static partial void NotStored(ILogger logger, string key, string reason);
    }
}
