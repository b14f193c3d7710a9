using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Data;

/// <summary>How long the ledger keeps what stands beside its rows. Re-priced attempts go with the months of <c>Recording:RetentionMonths</c>.</summary>
internal sealed class OldRowsOptions
{
    public const string SectionName = "OldRows";

    /// <summary>Closed leases after they were closed and their budget's period ended, or retention dropped the month of their closing. 30 to 3650 days.</summary>
    [Range(typeof(TimeSpan), "30.00:00:00", "3650.00:00:00")]
    public TimeSpan ClosedLeases { get; set; } = TimeSpan.FromDays(100);

    /// <summary>Notes of requests that the ledger settled, but at least as long as <c>Recovery:WatchFor</c>; 1 to 3650 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Recoveries { get; set; } = TimeSpan.FromDays(100);

    /// <summary>Findings of reconciliation runs; the runs themselves stay. 1 to 3650 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Findings { get; set; } = TimeSpan.FromDays(100);

    /// <summary>Quarantined events after somebody replayed or discarded them; 30 to 3650 days.</summary>
    [Range(typeof(TimeSpan), "30.00:00:00", "3650.00:00:00")]
    public TimeSpan DecidedEvents { get; set; } = TimeSpan.FromDays(400);
}

[OptionsValidator]
internal sealed partial class OldRowsOptionsValidator : IValidateOptions<OldRowsOptions>;
