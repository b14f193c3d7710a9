using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Limits;

/// <summary>Keeps the places of running requests, and knows how many gateways there are to share with.</summary>
internal sealed class LimitKeeper(LimitGate gate, RedisLimits redis, LocalShare local, IOptions<LimitOptions> options, TimeProvider timeProvider)
    : BackgroundService
{
    private readonly string _gateway = Guid.CreateVersion7().ToString("N");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PlaceLife / 3, timeProvider);
        do
        {
            await gate.TryAsync(async () => local.Gateways = (int)await redis.BeatAsync(_gateway));
            foreach (var (id, hold) in gate.Running)
            {
                if (!hold.Local)
                    await gate.TryAsync(() => redis.RenewAsync(id, hold));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
