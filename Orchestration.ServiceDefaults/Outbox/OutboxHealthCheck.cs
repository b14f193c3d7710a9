using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Degraded while events pile up: requests are still answered, from a full spool on no new ones.</summary>
internal sealed class OutboxHealthCheck(Outbox outbox, BrokerAlarm alarm, TimeProvider timeProvider) : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(60);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var age = outbox.OldestAge(timeProvider.GetUtcNow());
        var state = string.Create(CultureInfo.InvariantCulture, $"{outbox.Pending} events wait, the oldest for {age.TotalSeconds:0} s.");
        var quarantined = outbox.Slot.File.CountQuarantined();
        var damaged = outbox.Slot.CountDamaged();
        var data = new Dictionary<string, object>
        {
            ["slot"] = outbox.Instance, ["pending"] = outbox.Pending, ["oldestSeconds"] = Math.Floor(age.TotalSeconds),
            ["bytes"] = outbox.Slot.File.Bytes, ["quarantined"] = quarantined, ["damagedFiles"] = damaged,
        };
        var problem =
            !outbox.IsWritable ? $"The spool cannot be written. {state}"
            : outbox.IsFull ? $"The spool is full. {state}"
            : alarm.Reason is { } blocked ? $"The broker takes no messages ({blocked}). {state}"
            : age > Late ? state
            : damaged > 0 ? $"A damaged spool file was set aside. {state}"
            : quarantined > 0 ? $"{quarantined} events could not be read and were moved aside. {state}"
            : null;
        return Task.FromResult(problem is null ? HealthCheckResult.Healthy(state, data) : HealthCheckResult.Degraded(problem, data: data));
    }
}
