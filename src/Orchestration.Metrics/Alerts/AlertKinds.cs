using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Alerts;

/// <summary>The kinds of alerts and the settings that hold until an operator changes them.</summary>
internal static class AlertKinds
{
    public const string BudgetThreshold = "budget_threshold";
    public const string BalanceLow = "balance_low";
    public const string KeyDisabled = "key_disabled";
    public const string KeyExpiring = "key_expiring";
    public const string ModelRetiring = "model_retiring";
    public const string ErrorRate = "error_rate";
    public const string BreakerOpen = "breaker_open";
    public const string PriceUnknown = "price_unknown";
    public const string Backlog = "backlog";
    public const string IngestionFailing = "ingestion_failing";

    public const string Quarantine = "quarantine";
    public const string UnreadableMessages = "unreadable_messages";
    public const string Reconciliation = "reconciliation";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>One per kind, by name.</summary>
    public static readonly IReadOnlyList<RuleSettings> Defaults =
    [
        Of(Backlog, AlertSeverity.Critical) with { Threshold = 120, MinimumCount = 200, RemindAfter = TimeSpan.FromHours(1) },
        Of(BalanceLow, AlertSeverity.Warning),
        Of(BreakerOpen, AlertSeverity.Warning) with { RemindAfter = TimeSpan.FromHours(4) },
        Of(BudgetThreshold, AlertSeverity.Warning) with { RemindAfter = TimeSpan.Zero, TellResolved = false },
        Of(ErrorRate, AlertSeverity.Critical) with { Threshold = 20, MinimumCount = 20, Window = TimeSpan.FromMinutes(5), RemindAfter = TimeSpan.FromHours(4) },
        Of(IngestionFailing, AlertSeverity.Warning),
        Of(KeyDisabled, AlertSeverity.Critical),
        Of(KeyExpiring, AlertSeverity.Warning),
        Of(ModelRetiring, AlertSeverity.Warning) with { Window = Day, RemindAfter = 7 * Day },
        Of(PriceUnknown, AlertSeverity.Warning) with { RemindAfter = 7 * Day },
        Of(Quarantine, AlertSeverity.Critical),
        Of(Reconciliation, AlertSeverity.Critical),
        Of(UnreadableMessages, AlertSeverity.Critical),
    ];

    private static readonly Dictionary<string, RuleSettings> ByName = Defaults.ToDictionary(rule => rule.Kind);

    public static RuleSettings? Find(string kind) => ByName.GetValueOrDefault(kind);

    public static bool Exists(string kind) => ByName.ContainsKey(kind);

    /// <summary>False for kinds that nothing of this version can raise.</summary>
    public static bool HasSource(string kind) => Exists(kind);

    public static string UnitOf(string kind) => kind switch
    {
        ErrorRate => "percent",
        Backlog => "seconds",
        _ => "",
    };

    private static RuleSettings Of(string kind, AlertSeverity severity) => new()
    {
        Kind = kind,
        Severity = severity,
        GroupWindow = TimeSpan.FromSeconds(30),
        RemindAfter = Day,
        TellResolved = true,
    };
}

/// <summary>A rule as it holds.</summary>
internal sealed record RuleSettings
{
    public required string Kind { get; init; }
    public bool Enabled { get; init; } = true;
    public required AlertSeverity Severity { get; init; }

    /// <summary>0 for kinds that measure nothing.</summary>
    public double Threshold { get; init; }
    public int MinimumCount { get; init; }
    public TimeSpan? Window { get; init; }
    public TimeSpan GroupWindow { get; init; }

    /// <summary>Zero means never.</summary>
    public TimeSpan RemindAfter { get; init; }
    public bool TellResolved { get; init; }
}
