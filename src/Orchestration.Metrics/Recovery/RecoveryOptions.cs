using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Recovery;

/// <summary>When the ledger settles what nobody tells the end of.</summary>
internal sealed class RecoveryOptions
{
    public const string SectionName = "Recovery";

    /// <summary>
    /// How long a request or an attempt may stand open since the database recorded it: longer than the longest total deadline and the time
    /// that a service takes to stop, together. 1 minute to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often open work is looked for; 1 second to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long attempts that arrive late still move the cost of a request that the ledger settled; 1 to 400 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")]
    public TimeSpan WatchFor { get; set; } = TimeSpan.FromDays(35);

    /// <summary>Requests of one transaction; 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>
    /// Requests without a summing up, which those of a model without a price are too, that one round looks at; 1 to 1000000. All others
    /// have their turn in later rounds.
    /// </summary>
    [Range(1, 1_000_000)]
    public int LookedAt { get; set; } = 20_000;
}

[OptionsValidator]
internal sealed partial class RecoveryOptionsValidator : IValidateOptions<RecoveryOptions>;
