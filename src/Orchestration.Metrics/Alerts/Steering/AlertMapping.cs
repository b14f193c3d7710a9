using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;
using Orchestration.Metrics.Alerts.Sending;

namespace Orchestration.Metrics.Alerts.Steering;

/// <summary>Rows as they are told.</summary>
internal static class AlertMapping
{
    public static AlertChannel ToWire(this StoredChannel channel, int waiting) => new()
    {
        Id = channel.Id.ToString("D"),
        Name = channel.Name,
        Kind = channel.Kind,
        Enabled = channel.Enabled,
        TenantId = channel.TenantId,
        AlertKinds = { channel.AlertKinds },
        MinimumSeverity = channel.MinimumSeverity,
        Language = channel.Language,
        Host = channel.Host,
        Recipients = { channel.Recipients },
        HasSecret = channel.HasSecret,
        LastSentAt = channel.LastSentAt?.ToTimestamp(),
        LastError = channel.LastError,
        Failures = channel.Failures,
        Waiting = waiting,
        CreatedAt = channel.CreatedAt.ToTimestamp(),
    };

    public static Alert ToWire(this StoredAlert alert, DateTimeOffset now) => new()
    {
        Id = alert.Id.ToString("D"),
        Kind = alert.Kind,
        Subject = alert.Subject,
        Severity = alert.Severity,
        TenantId = alert.TenantId,
        State = alert.ResolvedAt is null ? AlertState.Open : AlertState.Resolved,
        Summary = AlertTexts.Summary(alert, AlertTexts.English),
        Facts = { alert.Facts },
        OpenedAt = alert.OpenedAt.ToTimestamp(),
        LastSeenAt = alert.LastSeenAt.ToTimestamp(),
        ResolvedAt = alert.ResolvedAt?.ToTimestamp(),
        Count = alert.Count,
        AcknowledgedAt = alert.AcknowledgedAt?.ToTimestamp(),
        SilencedUntil = alert.SilencedUntil > now ? alert.SilencedUntil.Value.ToTimestamp() : null,
    };

    public static AlertRule ToWire(this RuleSettings rule) => new()
    {
        Kind = rule.Kind,
        Enabled = rule.Enabled,
        Severity = rule.Severity,
        Threshold = rule.Threshold,
        Unit = AlertKinds.UnitOf(rule.Kind),
        MinimumCount = rule.MinimumCount,
        Window = rule.Window?.ToDuration(),
        GroupWindow = rule.GroupWindow.ToDuration(),
        RemindAfter = rule.RemindAfter.ToDuration(),
        TellResolved = rule.TellResolved,
        HasSource = AlertKinds.HasSource(rule.Kind),
    };
}
