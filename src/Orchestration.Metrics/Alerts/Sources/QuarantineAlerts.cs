using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Alerts.Raising;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Events that the ledger could not take and that wait for a person: until then their cost is in no sum.</summary>
internal sealed class QuarantineAlerts(IDbContextFactory<MetricsDbContext> contexts, TimeProvider timeProvider) : IAlertSource
{
    public string Kind => AlertKinds.Quarantine;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var waiting = await context.QuarantinedEvents.LongCountAsync(row => row.State == "waiting", cancellationToken);
        if (waiting == 0)
            return [];

        return [new AlertFinding(Kind, "ledger", timeProvider.GetUtcNow(), new() { ["events"] = waiting.ToString(CultureInfo.InvariantCulture) })];
    }
}
