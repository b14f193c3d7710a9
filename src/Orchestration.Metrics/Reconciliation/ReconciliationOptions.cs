using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Reconciliation;

/// <summary>When the ledger is compared, and what counts as a gap.</summary>
internal sealed class ReconciliationOptions
{
    public const string SectionName = "Reconciliation";

    /// <summary>Whether a run is made every night; runs can be asked for in any case.</summary>
    public bool Nightly { get; set; } = true;

    /// <summary>Time of day in UTC after which the nightly run is made, by the clock of the database.</summary>
    public TimeSpan NightlyAt { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Days that a nightly run compares, the last of them yesterday; 1 to 62.</summary>
    [Range(1, 62)]
    public int NightlyDays { get; set; } = 7;

    /// <summary>How long numbers of an outbox may be missing though later ones are there; 1 minute to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan OutboxPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after <c>Recovery:OpenFor</c> open work is a gap; 1 minute to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RecoveryPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Gaps of a run that are kept; all are counted. 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int MaxFindings { get; set; } = 1_000;
}

[OptionsValidator]
internal sealed partial class ReconciliationOptionsValidator : IValidateOptions<ReconciliationOptions>;
