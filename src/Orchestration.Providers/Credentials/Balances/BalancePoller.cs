using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Credentials.Storage;
using Orchestration.Providers.Data;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Credentials.Balances;

/// <summary>Looks at the balances of the accounts whose keys are in use, and of those that are parked. Without a key it asks nobody.</summary>
internal sealed partial class BalancePoller(
    VendorProfiles profiles,
    KeyPools pools,
    BalanceReader reader,
    CredentialStore store,
    IOptions<CredentialOptions> options,
    TimeProvider time,
    ILogger<BalancePoller> logger) : BackgroundService
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _asked = new(StringComparer.Ordinal);

    /// <summary>Reads every balance that is due.</summary>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        foreach (var profile in profiles.Vendors.Where(p => p.Balance is not null))
            foreach (var endpoint in profile.Endpoints)
                if (pools.Find(profile.Provider, endpoint.Region) is { } pool)
                    foreach (var key in pool.Views().Select(v => v.Facts).Where(IsDue))
                        await TryReadAsync(profile, endpoint, pool, key, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var tick = options.Value.BalanceInterval / 4;
        using var timer = new PeriodicTimer(tick < LongestTick ? tick : LongestTick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await PollAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    // What another replica has read lately is not asked for again.
    private bool IsDue(KeyFacts key)
    {
        if (key.Secret is null || key.Status is CredentialStatus.Disabled or CredentialStatus.Refused) return false;
        var last = _asked.TryGetValue(key.Id, out var asked) && asked > (key.BalanceAt ?? DateTimeOffset.MinValue) ? asked : key.BalanceAt;
        return last is not { } at || time.GetUtcNow() - at >= options.Value.BalanceInterval;
    }

    // What one account answers must not keep the others from being asked.
    private async Task TryReadAsync(VendorProfile profile, VendorEndpoint endpoint, KeyPool pool, KeyFacts key, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(profile, endpoint, pool, key, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, key.Id, key.Provider, key.Region, exception.GetType().Name);
        }
    }

    private async Task ReadAsync(VendorProfile profile, VendorEndpoint endpoint, KeyPool pool, KeyFacts key, CancellationToken cancellationToken)
    {
        _asked[key.Id] = time.GetUtcNow();
        var target = new Deployment { Id = $"{profile.Provider} {endpoint.Region}".Trim(), Provider = profile.Provider, Region = endpoint.Region, BaseUrl = endpoint.BaseUrl };
        if (await reader.ReadAsync(profile, target, key.Secret!, cancellationToken) is not { } reading)
        {
            Log.NotRead(logger, key.Id, key.Provider, key.Region);
            return;
        }

        var low = reading.Balance.Amount < (key.BalanceWarning ?? profile.Balance!.Warning);
        pool.TakeBalance(key.Id, reading.Balance, reading.Usable, low);
        if (key.Row is not { } row || (key.Balance == reading.Balance && time.GetUtcNow() - key.BalanceAt < options.Value.BalanceInterval)) return;
        try
        {
            await store.SetBalanceAsync(row, reading.Balance, time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotStored(logger, key.Id, exception.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The balance of key {Key} of {Provider} {Region} could not be read")]
        public static partial void NotRead(ILogger logger, string key, string provider, string region);

        [LoggerMessage(LogLevel.Warning, "Reading the balance of key {Key} of {Provider} {Region} failed: {Reason}")]
        public static partial void Failed(ILogger logger, string key, string provider, string region, string reason);

        [LoggerMessage(LogLevel.Debug, "The balance of key {Key} could not be stored: {Reason}")]
        public static partial void NotStored(ILogger logger, string key, string reason);
    }
}
