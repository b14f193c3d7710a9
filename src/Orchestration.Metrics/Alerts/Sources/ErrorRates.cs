using System.Globalization;
using Npgsql;
using Orchestration.Metrics.Alerts.Raising;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>
/// Shares of failed work over a window, per deployment, provider and route. What the caller did wrong is no error of theirs, and
/// simulated work is none at all.
/// </summary>
internal sealed class ErrorRates(NpgsqlDataSource dataSource, TimeProvider timeProvider) : IAlertSource
{
    // An attempt's id tells when it began, and none runs longer than this before it is in the window.
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromHours(1);

    private const string Fails =
        "attempt.outcome IN ('failed', 'broken') AND NOT (coalesce(attempt.provider_status, 0) BETWEEN 400 AND 499 AND attempt.provider_status NOT IN (401, 402, 403, 408, 429))";

    private const string Measure = $"""
        WITH recent AS (
            SELECT attempt.deployment, attempt.provider, attempt.route, attempt.tenant_id, attempt.request_id, {Fails} AS fails
            FROM attempts attempt
            WHERE attempt.id >= first_uuid_at($1) AND attempt.finished_at >= $2 AND NOT attempt.simulated)
        SELECT 'deployment:' || deployment, count(*), count(*) FILTER (WHERE fails) FROM recent GROUP BY deployment
        UNION ALL
        SELECT 'provider:' || provider, count(*), count(*) FILTER (WHERE fails) FROM recent GROUP BY provider
        UNION ALL
        SELECT 'route:' || request.route, count(*), count(*) FILTER (
            WHERE request.status <> 'ok' AND EXISTS (
                SELECT FROM recent WHERE recent.tenant_id = request.tenant_id AND recent.request_id = request.id AND recent.fails))
        FROM requests request
        WHERE request.id >= first_uuid_at($1) AND request.completed_at >= $2 AND NOT request.simulated
        GROUP BY request.route
        """;

    public string Kind => AlertKinds.ErrorRate;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var window = rule.Window ?? TimeSpan.FromMinutes(5);
        await using var command = dataSource.CreateCommand(Measure);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now - window - LongestAttempt).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now - window).UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var findings = new List<AlertFinding>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (subject, count, failed) = (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
            if (count < rule.MinimumCount || failed * 100.0 / count < rule.Threshold)
                continue;

            findings.Add(new AlertFinding(Kind, subject, now, new Dictionary<string, string>
            {
                ["percent"] = (failed * 100.0 / count).ToString("0.#", CultureInfo.InvariantCulture),
                ["failed"] = failed.ToString(CultureInfo.InvariantCulture),
                ["count"] = count.ToString(CultureInfo.InvariantCulture),
                ["minutes"] = window.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture),
            }));
        }

        return findings;
    }
}
