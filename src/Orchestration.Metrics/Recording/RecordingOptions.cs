using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Recording;

/// <summary>How the ledger takes in batches.</summary>
internal sealed class RecordingOptions
{
    public const string SectionName = "Recording";

    /// <summary>Batches written at once; 1 to 32.</summary>
    [Range(1, 32)]
    public int ConcurrentBatches { get; set; } = 4;

    /// <summary>
    /// Longest time that a batch waits in this process for a database that is away, before it is put back at the end of its
    /// queue. Below the broker's limit for an unacknowledged message, 30 minutes by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:25:00")]
    public TimeSpan HoldTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest pause between two tries while the database is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class RecordingOptionsValidator : IValidateOptions<RecordingOptions>;
