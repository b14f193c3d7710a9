using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.RouteTables;

/// <summary>Keeps the route table current: loads the stored one, then follows Routing's stream for as long as the process lives.</summary>
internal sealed partial class RouteTableSubscription(
    RoutingService.RoutingServiceClient routing,
    InternalCalls calls,
    CurrentRouteTable current,
    RouteTableFile file,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider,
    ILogger<RouteTableSubscription> logger) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (file.Load() is { } stored)
        {
            current.Replace(stored);
            Log.Loaded(logger, stored.Version);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = ShortestPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception exception)
            {
                if (stoppingToken.IsCancellationRequested)
                    return;
                Log.StreamBroke(logger, exception is RpcException rpc ? rpc.StatusCode.ToString() : exception.GetType().Name, current.Snapshot?.Table.Version ?? "none");
            }

            // The first pause after a good stream is short: a restarted Routing is back soon.
            if (current.IsConnected)
                pause = ShortestPause;
            current.MarkDisconnected();
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        var request = new WatchRouteTableRequest { Instance = options.Value.InstanceName, KnownVersion = current.Snapshot?.Table.Version ?? "" };
        using var call = routing.WatchRouteTable(request, calls.ForSubscription("system", stoppingToken));
        // A server with nothing new to say may keep even its headers back: no refusal counts as connected.
        await ((Task)call.ResponseHeadersAsync.WaitAsync(RefusalTime, timeProvider, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.ResponseHeadersAsync.IsFaulted)
            await call.ResponseHeadersAsync;
        current.MarkConnected();
        await foreach (var update in call.ResponseStream.ReadAllAsync(stoppingToken))
            await ApplyAsync(update, stoppingToken);
    }

    private async Task ApplyAsync(RouteTableUpdate update, CancellationToken stoppingToken)
    {
        switch (update.UpdateCase)
        {
            case RouteTableUpdate.UpdateOneofCase.Table:
                current.Replace(update.Table);
                Log.Replaced(logger, update.Table.Version, update.Table.PolicyVersion, update.Table.Routes.Count);
                await file.SaveAsync(update.Table, stoppingToken);
                break;
            case RouteTableUpdate.UpdateOneofCase.Health:
                current.Apply(update.Health);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Planning by the stored route table {Version} until Routing answers")]
        public static partial void Loaded(ILogger logger, string version);

        [LoggerMessage(LogLevel.Information, "Route table {Version} of policy {PolicyVersion} with {Routes} routes is active")]
        public static partial void Replaced(ILogger logger, string version, string policyVersion, int routes);

        [LoggerMessage(LogLevel.Warning, "The stream of route tables broke ({Cause}); planning goes on by {Version}")]
        public static partial void StreamBroke(ILogger logger, string cause, string version);
    }
}
