using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Alerts.Raising;

/// <summary>What time alone does to alerts: they end, are told again, are given up, are forgotten.</summary>
internal sealed partial class AlertUpkeep(
    IDbContextFactory<MetricsDbContext> contexts,
    AlertBook book,
    AlertTelemetry telemetry,
    IOptions<AlertOptions> options,
    TimeProvider timeProvider,
    ILogger<AlertUpkeep> logger)
{
    public async Task RunAsync(IReadOnlyDictionary<string, RuleSettings> rules, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await EndExpiredAsync(context, rules, now, cancellationToken);
        foreach (var rule in rules.Values.Where(rule => rule.Enabled && rule.RemindAfter > TimeSpan.Zero))
            await RemindAsync(context, rule, now, cancellationToken);

        var tooOld = now - options.Value.GiveUpAfter;
        // What waits for the end of a silence is late by nobody's fault.
        var givenUp = await context.AlertNotices
            .Where(notice => notice.SentAt == null && notice.CreatedAt < tooOld && (notice.Alert!.SilencedUntil == null || notice.Alert.SilencedUntil < tooOld))
            .ExecuteDeleteAsync(cancellationToken);
        if (givenUp > 0)
        {
            Log.GivenUp(logger, givenUp);
            telemetry.GivenUp(givenUp);
        }

        var forgotten = now - options.Value.KeepResolved;
        await context.Alerts.Where(alert => alert.ResolvedAt < forgotten).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task EndExpiredAsync(
        MetricsDbContext context, IReadOnlyDictionary<string, RuleSettings> rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var off = rules.Values.Where(rule => !rule.Enabled).Select(rule => rule.Kind).ToArray();
        var ended = await context.Alerts.AsNoTracking()
            .Where(alert => alert.ResolvedAt == null && (alert.ExpiresAt <= now || off.Contains(alert.Kind)))
            .Select(alert => alert.DedupeKey)
            .ToListAsync(cancellationToken);
        foreach (var key in ended)
            await book.ResolveAsync(key, now, cancellationToken);
    }

    private static Task<int> RemindAsync(MetricsDbContext context, RuleSettings rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - rule.RemindAfter;
        var reminder = AlertNotice.Reminder;
        return context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO alert_notices (id, alert_id, channel_id, event, created_at, due_at)
            SELECT gen_random_uuid(), alert.id, notice.channel_id, {reminder}, {now}, {now}
            FROM alerts alert JOIN alert_notices notice ON notice.alert_id = alert.id
            WHERE alert.resolved_at IS NULL AND alert.acknowledged_at IS NULL AND alert.kind = {rule.Kind}
            GROUP BY alert.id, notice.channel_id
            HAVING bool_and(notice.sent_at IS NOT NULL) AND max(notice.sent_at) <= {before}
            """,
            cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Count} notices of alerts could not be sent in time and were given up")]
        public static partial void GivenUp(ILogger logger, int count);
    }
}
