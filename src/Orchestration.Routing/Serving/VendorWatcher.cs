using Grpc.Core;
using Orchestration.Contracts.Providers.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Routing.Serving;

/// <summary>Keeps the subscription to Providers; while it is down, what was last heard stays true.</summary>
internal sealed partial class VendorWatcher(
    ProvidersService.ProvidersServiceClient providers,
    InternalCalls calls,
    VendorView vendors,
    TimeProvider timeProvider,
    ILogger<VendorWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await WatchAsync(stoppingToken)) delay = FirstDelay;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (delay == FirstDelay) Log.Broken(logger, exception is RpcException rpc ? rpc.StatusCode.ToString() : exception.GetType().Name);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(delay, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        using var call = providers.WatchVendors(new WatchVendorsRequest(), calls.ForSubscription("system", cancellationToken));
        var heard = false;
        await foreach (var update in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            vendors.Take(update, isFirst: !heard);
            heard = true;
        }

        return heard;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The subscription to vendor credentials broke ({Reason}); the last known ones stay in use")]
        public static partial void Broken(ILogger logger, string reason);
    }
}
