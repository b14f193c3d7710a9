using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Limits;

/// <summary>How this gateway counts requests against limits.</summary>
internal sealed class LimitOptions
{
    public const string SectionName = "Limits";

    /// <summary>Longest wait for one answer of Redis; after it the request is counted by the local share.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:01")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Failures of Redis in a row after which it is left alone for a while.</summary>
    [Range(1, 5)]
    public int FailuresBeforeOpen { get; set; } = 3;

    /// <summary>How long Redis is left alone before one request tries it again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Trials in a row that must succeed before all requests are counted in Redis again.</summary>
    [Range(1, 100)]
    public int SuccessesBeforeClosed { get; set; } = 3;

    /// <summary>Life of the place that a running request holds; a gateway that dies gives its places back after it.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00")]
    public TimeSpan PlaceLife { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tokens of an answer that a request is taken to need when it names no most; corrected when it ends.</summary>
    [Range(1, 1_000_000)]
    public int AssumedOutputTokens { get; set; } = 1024;

    /// <summary>Most requests that this process runs at the same time; more are refused at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxRunningRequests { get; set; } = 10_000;
}

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
