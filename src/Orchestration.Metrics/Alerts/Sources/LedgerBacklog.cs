using System.Globalization;
using Npgsql;
using Orchestration.Metrics.Alerts.Raising;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Whether the ledger keeps up: batches that wait in its queue, and the age of the newest request that is recorded while they wait.</summary>
internal sealed class LedgerBacklog(LedgerQueue queue, NpgsqlDataSource dataSource, TimeProvider timeProvider) : IAlertSource
{
    private DateTimeOffset? _waitingSince;

    public string Kind => AlertKinds.Backlog;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        if (await queue.DepthAsync(cancellationToken) is not { } depth)
            return null;

        var now = timeProvider.GetUtcNow();
        _waitingSince = depth == 0 ? null : _waitingSince ?? now;
        var lag = await LagAsync(now, cancellationToken);
        if (depth < rule.MinimumCount && lag.TotalSeconds < rule.Threshold)
            return [];

        return
        [
            new AlertFinding(Kind, "ledger", now, new Dictionary<string, string>
            {
                ["batches"] = depth.ToString(CultureInfo.InvariantCulture),
                ["lag_seconds"] = lag.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
            }),
        ];
    }

    // What all replicas recorded last, however old, says nothing when nothing waits; and a batch that came just now waits no longer than that.
    private async Task<TimeSpan> LagAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_waitingSince is not { } since || since == now)
            return TimeSpan.Zero;

        await using var command = dataSource.CreateCommand("SELECT started_at FROM requests ORDER BY id DESC LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return now - since;
        var newest = await reader.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken);
        return newest > since ? now - newest : now - since;
    }
}
