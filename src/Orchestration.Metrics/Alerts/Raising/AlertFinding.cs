using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Alerts.Raising;

/// <summary>Something that a source saw and that is an alert.</summary>
/// <param name="Kind">One of <see cref="AlertKinds"/>.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="At">When it was seen; older news never overwrite newer.</param>
/// <param name="Facts">What is known of it.</param>
internal sealed record AlertFinding(string Kind, string Subject, DateTimeOffset At, Dictionary<string, string> Facts)
{
    /// <summary>Empty for the installation.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>Keeps occasions apart that are not the same alert, such as periods of a budget.</summary>
    public string Occasion { get; init; } = "";

    /// <summary>When it ends by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>At least so severe, whatever the rule says.</summary>
    public AlertSeverity AtLeast { get; init; }

    public string DedupeKey => KeyOf(Kind, TenantId, Subject, Occasion);

    public static string KeyOf(string kind, string tenantId, string subject, string occasion = "") => $"{kind}\n{tenantId}\n{subject}\n{occasion}";
}
