using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Limits;

/// <summary>
/// Keeps the places of running requests, knows how many gateways there are to share with, and while Redis is away is the only one that tries
/// it: what was let in meanwhile is told first, and only then do requests come back to it.
/// </summary>
internal sealed class LimitKeeper(
    LimitGate gate, RedisLimits redis, LocalShare local, RedisBreaker breaker, IOptions<LimitOptions> options, TimeProvider timeProvider) : BackgroundService
{
    private const int AtOnce = 64;

    // A little longer than a start may take, a lot shorter than anybody waits for one.
    private static readonly TimeSpan FirstRound = TimeSpan.FromMilliseconds(250);

    // As long as a gateway that misses beats may only be slow, its share is not given to others.
    private static readonly TimeSpan CountedFor = TimeSpan.FromSeconds(30);

    private readonly string _gateway = Guid.CreateVersion7().ToString("N");
    private readonly Queue<(long Seen, long Count)> _counts = [];
    private Task _firstRound = Task.CompletedTask;
    private long _heldAt;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // So that the first requests already find Redis; without it the gateway starts all the same.
        _firstRound = RoundAsync();
        await _firstRound.WaitAsync(FirstRound, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!breaker.IsOpen)
            await gate.TryAsync(() => redis.LeaveAsync(_gateway));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // It may still wait for the connection; there is one round at a time.
        await _firstRound.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.BeatEvery, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RoundAsync();
    }

    private async Task RoundAsync()
    {
        var good = await gate.TryAsync(BeatAsync)
            && await AllAsync(local.Untold(), counter => redis.TakeAsync("", [counter]))
            && await HoldAsync();
        if (good && breaker.RoundSucceeded())
            local.Rejoined();
    }

    private async Task BeatAsync()
    {
        await redis.ConnectAsync();
        var (count, rank) = await redis.BeatAsync(_gateway);
        var now = timeProvider.GetTimestamp();
        _counts.Enqueue((now, count));
        while (timeProvider.GetElapsedTime(_counts.Peek().Seen, now) > CountedFor)
            _counts.Dequeue();
        local.Know(_counts.Max(seen => seen.Count), rank);
    }

    /// <summary>Often enough that a place outlives one lost call; at once while Redis has to learn again what runs.</summary>
    private async Task<bool> HoldAsync()
    {
        if (!breaker.IsOpen && timeProvider.GetElapsedTime(_heldAt) < options.Value.PlaceLife / 3)
            return true;
        _heldAt = timeProvider.GetTimestamp();
        return await AllAsync(gate.Running.Where(running => running.Value.Counters.Any(counter => counter.IsConcurrency)), async running =>
        {
            await redis.HoldAsync(running.Key, running.Value);
            // It ended meanwhile, and its end may have come first.
            if (!gate.IsRunning(running.Key))
                await redis.SettleAsync(running.Key, running.Value, null);
        });
    }

    private async Task<bool> AllAsync<T>(IEnumerable<T> items, Func<T, Task> call)
    {
        foreach (var chunk in items.Chunk(AtOnce))
        {
            if ((await Task.WhenAll(chunk.Select(item => gate.TryAsync(() => call(item))))).Contains(false))
                return false;
        }

        return true;
    }
}
