using System.Globalization;
using Orchestration.Metrics.Alerts.Raising;
using Orchestration.Metrics.Querying;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Events that the ledger could not take and that wait for a person: until then their cost is in no sum.</summary>
internal sealed class QuarantineAlerts(LedgerQueries queries, TimeProvider timeProvider) : IAlertSource
{
    public string Kind => AlertKinds.Quarantine;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        var waiting = await queries.CountQuarantinedAsync(cancellationToken);
        if (waiting == 0)
            return [];

        return [new AlertFinding(Kind, "ledger", timeProvider.GetUtcNow(), new() { ["events"] = waiting.ToString(CultureInfo.InvariantCulture) })];
    }
}
