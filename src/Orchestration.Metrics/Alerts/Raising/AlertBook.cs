using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Alerts.Raising;

/// <summary>
/// Opens, counts and resolves alerts. An alert and what is to be told of it are written in one transaction, behind a lock of its
/// key, so that replicas that see the same thing at once make one alert.
/// </summary>
internal sealed class AlertBook(IDbContextFactory<MetricsDbContext> contexts, TimeProvider timeProvider)
{
    public async Task RaiseAsync(AlertFinding finding, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var rule = (await AlertRules.LoadAsync(context, cancellationToken))[finding.Kind];
        var now = timeProvider.GetUtcNow();
        if (!rule.Enabled || finding.ExpiresAt <= now)
            return;

        await LockAsync(context, finding.DedupeKey, cancellationToken);
        if (await OpenAsync(context, finding.DedupeKey, cancellationToken) is { } open)
            SeeAgain(open, finding);
        else if (!await IsStaleAsync(context, finding, cancellationToken))
            await OpenAsync(context, finding, rule, now, cancellationToken);

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends an alert whose cause is gone, unless its cause was seen later than that.</summary>
    public async Task ResolveAsync(string dedupeKey, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await LockAsync(context, dedupeKey, cancellationToken);
        if (await OpenAsync(context, dedupeKey, cancellationToken) is not { } open || open.LastSeenAt > at)
            return;

        var rule = (await AlertRules.LoadAsync(context, cancellationToken))[open.Kind];
        await EndAsync(context, open, rule, at, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task EndAsync(MetricsDbContext context, StoredAlert alert, RuleSettings rule, DateTimeOffset at, CancellationToken cancellationToken)
    {
        alert.ResolvedAt = at;
        // Nobody is told now that something began which is over.
        var unsent = context.AlertNotices.Where(notice => notice.AlertId == alert.Id && notice.SentAt == null);
        await unsent.ExecuteDeleteAsync(cancellationToken);
        if (rule.Enabled && rule.TellResolved)
        {
            var told = await context.AlertNotices.Where(notice => notice.AlertId == alert.Id).Select(notice => notice.ChannelId).Distinct().ToListAsync(cancellationToken);
            context.AddRange(told.Select(channel => NoticeOf(alert.Id, channel, AlertNotice.Resolved, at, rule.GroupWindow)));
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private static void SeeAgain(StoredAlert open, AlertFinding finding)
    {
        open.Count++;
        if (finding.At < open.LastSeenAt)
            return;

        open.LastSeenAt = finding.At;
        open.Facts = finding.Facts;
        open.ExpiresAt = finding.ExpiresAt;
    }

    private static async Task OpenAsync(
        MetricsDbContext context, AlertFinding finding, RuleSettings rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var alert = new StoredAlert
        {
            Id = Guid.CreateVersion7(now),
            DedupeKey = finding.DedupeKey,
            Kind = finding.Kind,
            Subject = finding.Subject,
            TenantId = finding.TenantId,
            Severity = rule.Severity > finding.AtLeast ? rule.Severity : finding.AtLeast,
            Facts = finding.Facts,
            OpenedAt = finding.At,
            LastSeenAt = finding.At,
            ExpiresAt = finding.ExpiresAt,
            Count = 1,
        };
        context.Add(alert);
        var channels = await context.AlertChannels.AsNoTracking().Where(channel => channel.Enabled).ToListAsync(cancellationToken);
        context.AddRange(channels.Where(channel => channel.Carries(alert))
            .Select(channel => NoticeOf(alert.Id, channel.Id, AlertNotice.Opened, now, rule.GroupWindow)));
    }

    private static Task<StoredAlert?> OpenAsync(MetricsDbContext context, string dedupeKey, CancellationToken cancellationToken) =>
        context.Alerts.SingleOrDefaultAsync(alert => alert.DedupeKey == dedupeKey && alert.ResolvedAt == null, cancellationToken);

    private static Task<bool> IsStaleAsync(MetricsDbContext context, AlertFinding finding, CancellationToken cancellationToken) =>
        context.Alerts.AnyAsync(alert => alert.DedupeKey == finding.DedupeKey && alert.ResolvedAt >= finding.At, cancellationToken);

    private static Task<int> LockAsync(MetricsDbContext context, string dedupeKey, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({dedupeKey}, 0))", cancellationToken);

    private static AlertNotice NoticeOf(Guid alertId, Guid channelId, string what, DateTimeOffset now, TimeSpan wait) => new()
    {
        Id = Guid.CreateVersion7(now),
        AlertId = alertId,
        ChannelId = channelId,
        Event = what,
        CreatedAt = now,
        DueAt = now + wait,
    };
}
