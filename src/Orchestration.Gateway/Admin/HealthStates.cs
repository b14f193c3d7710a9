using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orchestration.Gateway.Admin;

/// <summary>States of a service as the admin API names them.</summary>
internal static class HealthStates
{
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unreachable = "unreachable";

    public static string Of(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => Healthy,
        _ => Degraded,
    };
}
