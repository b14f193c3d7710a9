using System.Diagnostics.Metrics;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Alerts;

/// <summary>Instruments of alerts. All labels come from closed sets.</summary>
internal sealed class AlertTelemetry
{
    private readonly Counter<long> _messages;
    private readonly Counter<long> _givenUp;
    private volatile IReadOnlyList<OpenAlerts> _open = [];

    public AlertTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(MetricsTelemetry.Name);
        _messages = meter.CreateCounter<long>("orchestration.alerts.messages", "{message}", "Messages sent to channels, by kind of channel and outcome.");
        _givenUp = meter.CreateCounter<long>("orchestration.alerts.given_up", "{notice}", "Notices that no channel took in time.");
        meter.CreateObservableGauge(
            "orchestration.alerts.open",
            () => _open.Select(open => new Measurement<long>(
                open.Count, new("kind", open.Kind), new("severity", NameOf(open.Severity)))),
            "{alert}",
            "Open alerts, by kind and severity.");
    }

    public void Sent(AlertChannelKind channel, bool accepted) =>
        _messages.Add(1, new("channel", NameOf(channel)), new("outcome", accepted ? "accepted" : "failed"));

    public void GivenUp(int notices) => _givenUp.Add(notices);

    /// <summary>Takes what was counted last.</summary>
    public void Opened(IReadOnlyList<OpenAlerts> open) => _open = open;

    public static string NameOf(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => "critical",
        AlertSeverity.Warning => "warning",
        _ => "info",
    };

    public static string NameOf(AlertChannelKind kind) => kind switch
    {
        AlertChannelKind.Webhook => "webhook",
        AlertChannelKind.Email => "email",
        AlertChannelKind.Feishu => "feishu",
        AlertChannelKind.Dingtalk => "dingtalk",
        AlertChannelKind.Wecom => "wecom",
        _ => "other",
    };
}

/// <summary>How many alerts of a kind and severity are open.</summary>
internal sealed record OpenAlerts(string Kind, AlertSeverity Severity, long Count);
