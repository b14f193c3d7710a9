using Microsoft.EntityFrameworkCore;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Alerts.Raising;

/// <summary>The rules as they hold: shipped, with what operators changed.</summary>
internal sealed class AlertRules(IDbContextFactory<MetricsDbContext> contexts)
{
    public async Task<IReadOnlyDictionary<string, RuleSettings>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await LoadAsync(context, cancellationToken);
    }

    public static async Task<IReadOnlyDictionary<string, RuleSettings>> LoadAsync(MetricsDbContext context, CancellationToken cancellationToken)
    {
        var changed = await context.AlertRules.AsNoTracking().ToDictionaryAsync(rule => rule.Kind, cancellationToken);
        return AlertKinds.Defaults.ToDictionary(
            shipped => shipped.Kind,
            shipped => changed.TryGetValue(shipped.Kind, out var rule) ? rule.Over(shipped) : shipped);
    }
}
