using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orchestration.Routing.Serving;

/// <summary>Ready once there is a table; degraded when the table is not made of what the database holds now.</summary>
internal sealed class RouteTableHealthCheck(RouteTablePublisher publisher, RoutingLoop loop, StateSource source) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(publisher.Current is not { } built
            ? HealthCheckResult.Unhealthy("The first route table is not made yet.")
            : (source.Rejection ?? loop.Rejection) is { } rejection
                ? HealthCheckResult.Degraded(rejection)
                : loop.Origin is not StateOrigin.Store
                    ? HealthCheckResult.Degraded("Policy and catalogue are not read from the database yet.")
                    : HealthCheckResult.Healthy($"Route table {built.Table.Version}."));
}
