using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Alerts.Raising;
using Orchestration.Metrics.Reconciliation;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Gaps that the last night's comparison found, and nights that passed without one since the last, the first try, or the first request.</summary>
internal sealed class ReconciliationAlerts(NpgsqlDataSource dataSource, IOptions<ReconciliationOptions> options, TimeProvider timeProvider) : IAlertSource
{
    // A night and half a day: one run that is late or tried again is not worth a message.
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(36);

    private const string Nights = """
        SELECT finished.gaps, finished.last_day, coalesce(finished.ended_at, begun.at)
        FROM (SELECT coalesce(
            (SELECT min(started_at) FROM reconciliation_runs WHERE trigger = 'nightly'),
            (SELECT started_at FROM requests ORDER BY id LIMIT 1)) AS at) begun
        LEFT JOIN LATERAL (
            SELECT gaps, last_day, ended_at FROM reconciliation_runs WHERE trigger = 'nightly' AND state = 'finished' ORDER BY ended_at DESC LIMIT 1) finished ON true
        WHERE begun.at IS NOT NULL
        """;

    public string Kind => AlertKinds.Reconciliation;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        if (!options.Value.Nightly)
            return [];

        await using var command = dataSource.CreateCommand(Nights);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return [];

        var now = timeProvider.GetUtcNow();
        var gaps = reader.IsDBNull(0) ? 0 : reader.GetInt64(0);
        var since = await reader.GetFieldValueAsync<DateTimeOffset>(2, cancellationToken);
        var facts = new Dictionary<string, string>
        {
            ["gaps"] = gaps.ToString(CultureInfo.InvariantCulture),
            ["last_day"] = reader.IsDBNull(1) ? "" : reader.GetFieldValue<DateOnly>(1).ToString("O", CultureInfo.InvariantCulture),
            ["since"] = since.ToString("u", CultureInfo.InvariantCulture),
        };
        var findings = new List<AlertFinding>();
        if (gaps > 0)
            findings.Add(new AlertFinding(Kind, "gaps", now, facts));
        if (now - since > LongestPause)
            findings.Add(new AlertFinding(Kind, "overdue", now, facts));
        return findings;
    }
}
