using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Admin;

internal sealed class SystemAdmin(ServiceProbes services, StoreProbes stores, CurrentRouteTable routeTable) : SystemService.SystemServiceBase
{
    public override async Task<SystemStatus> GetStatus(GetSystemStatusRequest request, ServerCallContext context)
    {
        var remote = services.ProbeAsync(context.CancellationToken);
        var local = stores.ProbeAsync(context.CancellationToken);
        var status = new SystemStatus
        {
            ProvidersSimulated = routeTable.Snapshot?.AnySimulatedDefault ?? false,
            PolicyVersion = routeTable.Snapshot?.Table.PolicyVersion ?? "",
        };
        status.Services.AddRange(await local);
        status.Services.AddRange(await remote);
        return status;
    }
}
