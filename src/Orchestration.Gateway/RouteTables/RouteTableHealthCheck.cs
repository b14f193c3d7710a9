using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.RouteTables;

/// <summary>Not ready without a table; degraded when Routing has been silent for long.</summary>
internal sealed class RouteTableHealthCheck(CurrentRouteTable current, IOptions<GatewayOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (current.Snapshot is not { } snapshot)
            return HealthCheckResult.Unhealthy("No route table yet: Routing has not answered and none is stored.");
        var age = current.Age;
        return age < options.Value.RouteTableStaleAfter
            ? HealthCheckResult.Healthy($"Route table {snapshot.Table.Version}.")
            : HealthCheckResult.Degraded($"Planning by route table {snapshot.Table.Version}; Routing has been away for {(long)age.TotalSeconds} s.");
    }
}
