using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Caching;

/// <summary>How this gateway keeps answers. Whether it does at all is the policy's to say, route by route.</summary>
internal sealed class CacheOptions
{
    public const string SectionName = "Cache";

    /// <summary>Longest wait for one answer of Redis; after it the request goes past the cache.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:05")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Failures of a store in a row after which it is left alone for a while.</summary>
    [Range(1, 100)]
    public int FailuresBeforePause { get; set; } = 3;

    /// <summary>How long a store is left alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for an equal request that runs already; after it the request is run beside it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan FlightWait { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Largest answer that is kept.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxEntryBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest answer that is kept for other wordings of its question.</summary>
    [Range(1024, 1024 * 1024)]
    public int MaxSemanticEntryBytes { get; set; } = 64 * 1024;

    /// <summary>How often the evidence for other wordings is looked at again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan EvidenceEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Partitions whose evidence this gateway keeps in memory.</summary>
    [Range(1, 100_000)]
    public int MaxPartitions { get; set; } = 200;

    /// <summary>How long it is remembered whether answers agreed.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan SamplesKeptFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How often what has expired is deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromMinutes(5);
}

[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;
