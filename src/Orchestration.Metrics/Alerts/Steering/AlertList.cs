using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Alerts.Steering;

/// <summary>Alerts as operators see, acknowledge and silence them.</summary>
internal sealed class AlertList(IDbContextFactory<MetricsDbContext> contexts, TimeProvider timeProvider)
{
    public async Task<IReadOnlyList<StoredAlert>> ListAsync(ListAlertsRequest request, Guid? after, int count, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var query = context.Alerts.AsNoTracking();
        if (request.TenantId.Length > 0)
            query = query.Where(alert => alert.TenantId == request.TenantId);
        if (request.Kind.Length > 0)
            query = query.Where(alert => alert.Kind == request.Kind);
        if (request.State != AlertState.Unspecified)
            query = query.Where(alert => (alert.ResolvedAt == null) == (request.State == AlertState.Open));
        if (after is { } last)
            query = query.Where(alert => alert.Id < last);
        return await query.OrderByDescending(alert => alert.Id).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>Null when there is no such alert.</summary>
    public Task<StoredAlert?> AcknowledgeAsync(Guid id, CancellationToken cancellationToken) =>
        ChangeAsync(id, alert => alert.AcknowledgedAt ??= timeProvider.GetUtcNow(), cancellationToken);

    /// <summary>Null when there is no such alert.</summary>
    public Task<StoredAlert?> SilenceAsync(Guid id, TimeSpan duration, CancellationToken cancellationToken) =>
        ChangeAsync(id, alert => alert.SilencedUntil = duration > TimeSpan.Zero ? timeProvider.GetUtcNow() + duration : null, cancellationToken);

    private async Task<StoredAlert?> ChangeAsync(Guid id, Action<StoredAlert> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Alerts.SingleOrDefaultAsync(alert => alert.Id == id, cancellationToken) is not { } alert)
            return null;

        change(alert);
        await context.SaveChangesAsync(cancellationToken);
        return alert;
    }
}
