using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestration.Contracts.Admin.V1;
using Orchestration.ServiceDefaults;

namespace Orchestration.Gateway.Admin;

/// <summary>The gateway's own readiness, and the stores as this process sees them.</summary>
internal sealed class StoreProbes(HealthCheckService checks, ServiceInfo service)
{
    public async Task<IReadOnlyList<ServiceHealth>> ProbeAsync(CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        var found = new List<ServiceHealth>
        {
            new()
            {
                Name = ResourceNames.Gateway,
                State = HealthStates.Of(report.Status),
                Detail = Reasons(report),
                LatencyMs = report.TotalDuration.TotalMilliseconds,
                Version = service.Version,
            },
        };
        foreach (var (name, entry) in report.Entries)
        {
            if (StoreOf(name) is { } store)
                found.Add(HealthOf(store, entry));
        }

        return found;
    }

    private static ServiceHealth HealthOf(string store, HealthReportEntry entry) => new()
    {
        Name = store,
        State = entry.Status == HealthStatus.Healthy ? HealthStates.Healthy : HealthStates.Unreachable,
        Detail = entry.Status == HealthStatus.Healthy ? "" : entry.Description ?? "",
        LatencyMs = entry.Duration.TotalMilliseconds,
    };

    private static string? StoreOf(string check) => check switch
    {
        "database" => ResourceNames.Postgres,
        ResourceNames.Redis => ResourceNames.Redis,
        _ when check.Contains("masstransit", StringComparison.OrdinalIgnoreCase) || check == ResourceNames.Messaging => ResourceNames.Messaging,
        _ => null,
    };

    private static string Reasons(HealthReport report) =>
        string.Join(" ", report.Entries.Values.Where(entry => entry.Status != HealthStatus.Healthy).Select(entry => entry.Description).Where(text => !string.IsNullOrEmpty(text)));
}
