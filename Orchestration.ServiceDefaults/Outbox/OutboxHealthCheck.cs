using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Degraded while events pile up: requests are still answered, from a full spool on no new ones.</summary>
internal sealed class OutboxHealthCheck(Outbox outbox, TimeProvider timeProvider) : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(60);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var age = outbox.OldestAge(timeProvider.GetUtcNow());
        var state = string.Create(CultureInfo.InvariantCulture, $"{outbox.Pending} events wait, the oldest for {age.TotalSeconds:0} s.");
        var quarantined = outbox.Slot.File.CountQuarantined();
        return Task.FromResult(
            !outbox.IsWritable ? HealthCheckResult.Degraded($"The spool cannot be written. {state}")
            : outbox.IsFull ? HealthCheckResult.Degraded($"The spool is full. {state}")
            : age > Late ? HealthCheckResult.Degraded(state)
            : quarantined > 0 ? HealthCheckResult.Degraded($"{quarantined} events could not be read and were moved aside. {state}")
            : HealthCheckResult.Healthy(state));
    }
}
