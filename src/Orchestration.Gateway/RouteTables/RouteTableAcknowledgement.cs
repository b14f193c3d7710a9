using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.RouteTables;

/// <summary>Tells Routing which table this gateway plans by: after each that it applied, and now and then that it still lives.</summary>
internal sealed partial class RouteTableAcknowledgement(
    PolicyService.PolicyServiceClient policies,
    InternalCalls calls,
    CurrentRouteTable current,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider,
    ILogger<RouteTableAcknowledgement> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private bool _heard = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var replaced = current.Replaced;
            if (current is { IsConnected: true, Applied: { } applied })
                await SayAsync(applied, stoppingToken);
            await Task.WhenAny(replaced, Task.Delay(Interval, timeProvider, stoppingToken));
        }
    }

    private async Task SayAsync(AppliedTable applied, CancellationToken stoppingToken)
    {
        var table = applied.Snapshot.Table;
        var said = new AcknowledgeRouteTableRequest
        {
            Node = options.Value.InstanceName,
            TableVersion = table.Version,
            PolicyVersion = table.PolicyVersion,
            AppliedAt = Timestamp.FromDateTimeOffset(applied.At),
        };
        try
        {
            await policies.AcknowledgeRouteTableAsync(said, calls.For("", "system", Patience, stoppingToken));
            _heard = true;
        }
        catch (RpcException exception)
        {
            // The next one says the same; a gateway that is not heard plans on.
            if (_heard && !stoppingToken.IsCancellationRequested)
                Log.NotHeard(logger, exception.StatusCode);
            _heard = false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Routing did not take the acknowledgement of the route table ({Status})")]
        public static partial void NotHeard(ILogger logger, StatusCode status);
    }
}
