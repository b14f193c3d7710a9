using System.Globalization;
using Orchestration.Metrics.Alerts.Raising;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Whether the ledger keeps up: batches that wait in its queue, and the age of what was recorded last.</summary>
internal sealed class LedgerBacklog(LedgerQueue queue, MetricsTelemetry telemetry, TimeProvider timeProvider) : IAlertSource
{
    public string Kind => AlertKinds.Backlog;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        if (await queue.DepthAsync(cancellationToken) is not { } depth)
            return null;

        // With nothing waiting, the lag of the last batch is history.
        var lag = depth == 0 ? TimeSpan.Zero : telemetry.LastLag;
        if (depth < rule.MinimumCount && lag.TotalSeconds < rule.Threshold)
            return [];

        return
        [
            new AlertFinding(Kind, "ledger", timeProvider.GetUtcNow(), new Dictionary<string, string>
            {
                ["batches"] = depth.ToString(CultureInfo.InvariantCulture),
                ["lag_seconds"] = lag.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
            }),
        ];
    }
}
