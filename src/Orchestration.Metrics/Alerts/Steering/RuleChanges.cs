using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Alerts.Steering;

/// <summary>What operators change of rules.</summary>
internal sealed class RuleChanges(IDbContextFactory<MetricsDbContext> contexts)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The member that is wrong, with words; null when nothing is.</summary>
    public static (string Param, string Message)? Problem(UpdateAlertRuleRequest request, RuleSettings shipped)
    {
        if (request.HasThreshold && shipped.Threshold == 0)
            return ("threshold", "This kind has no threshold.");
        if (request.HasThreshold && !(request.Threshold > 0 && request.Threshold <= (AlertKinds.UnitOf(shipped.Kind) == "percent" ? 100 : 86_400)))
            return ("threshold", "A threshold is greater than 0; percent at most 100, seconds at most 86,400.");
        if (request.HasMinimumCount && (shipped.MinimumCount == 0 || request.MinimumCount < 1))
            return ("minimum_count", shipped.MinimumCount == 0 ? "This kind counts nothing." : "A least number is 1 or more.");
        if (request.Window is { } window && (shipped.Window is null || !IsWithin(window, Minute, TimeSpan.FromDays(1))))
            return ("window", shipped.Window is null ? "This kind has no window." : "A window is 1 minute to 1 day.");
        if (request.GroupWindow is { } group && !IsWithin(group, TimeSpan.Zero, TimeSpan.FromHours(1)))
            return ("group_window", "Alerts are gathered for at most 1 hour.");
        return request.RemindAfter is { } remind && remind.ToTimeSpan() != TimeSpan.Zero && !IsWithin(remind, Minute, TimeSpan.FromDays(7))
            ? ("remind_after", "A reminder comes after 1 minute to 7 days, or never (0).")
            : null;
    }

    public async Task<RuleSettings> ChangeAsync(UpdateAlertRuleRequest request, RuleSettings shipped, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var rule = await context.AlertRules.SingleOrDefaultAsync(stored => stored.Kind == request.Kind, cancellationToken);
            if (rule is null)
                context.Add(rule = new StoredRule { Kind = request.Kind });
            Change(rule, request);
            try
            {
                await context.SaveChangesAsync(cancellationToken);
                return rule.Over(shipped);
            }
            catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                // Somebody else changed the kind for the first time: that change is the ground for this one.
            }
        }
    }

    private static void Change(StoredRule rule, UpdateAlertRuleRequest request)
    {
        rule.Enabled = request.HasEnabled ? request.Enabled : rule.Enabled;
        rule.Severity = request.Severity == AlertSeverity.Unspecified ? rule.Severity : request.Severity;
        rule.Threshold = request.HasThreshold ? request.Threshold : rule.Threshold;
        rule.MinimumCount = request.HasMinimumCount ? request.MinimumCount : rule.MinimumCount;
        rule.Window = request.Window?.ToTimeSpan() ?? rule.Window;
        rule.GroupWindow = request.GroupWindow?.ToTimeSpan() ?? rule.GroupWindow;
        rule.RemindAfter = request.RemindAfter?.ToTimeSpan() ?? rule.RemindAfter;
        rule.TellResolved = request.HasTellResolved ? request.TellResolved : rule.TellResolved;
    }

    private static bool IsWithin(Duration duration, TimeSpan least, TimeSpan most) =>
        duration.ToTimeSpan() is var span && span >= least && span <= most;
}
