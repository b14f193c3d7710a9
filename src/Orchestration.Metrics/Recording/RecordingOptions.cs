using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Recording;

/// <summary>How the ledger takes in batches.</summary>
internal sealed class RecordingOptions
{
    public const string SectionName = "Recording";

    /// <summary>Batches taken from the queue at once; 1 to 64. Those that wait together are written together.</summary>
    [Range(1, 64)]
    public int ConcurrentBatches { get; set; } = 32;

    /// <summary>Transactions at once; 1 to 16.</summary>
    [Range(1, 16)]
    public int ConcurrentTransactions { get; set; } = 2;

    /// <summary>Events after which a transaction takes no further batch; 1 to 20,000.</summary>
    [Range(1, 20_000)]
    public int TransactionEvents { get; set; } = 8_000;

    /// <summary>
    /// Months that requests and attempts are kept besides the present one; 0 keeps them for ever, at most 1,200. Rollups are always
    /// kept. An event of a dropped month goes to quarantine.
    /// </summary>
    [Range(0, 1_200)]
    public int RetentionMonths { get; set; } = 25;

    /// <summary>
    /// Longest time that a batch stays in this process while the database is away, its turn's wait included, before it is put back
    /// at the end of its queue. Below the broker's limit for an unacknowledged message, 30 minutes by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:25:00")]
    public TimeSpan HoldTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest pause between two tries while the database is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class RecordingOptionsValidator : IValidateOptions<RecordingOptions>;
