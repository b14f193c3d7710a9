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

    /// <summary>Failures of Redis in a row after which requests leave it alone.</summary>
    [Range(1, 5)]
    public int FailuresBeforeOpen { get; set; } = 3;

    /// <summary>Time between two signs of life to Redis; also how often it is tried while it is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:02")]
    public TimeSpan BeatEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Signs of life in a row that must be answered before requests are counted in Redis again.</summary>
    [Range(1, 100)]
    public int RoundsBeforeClosed { get; set; } = 4;

    /// <summary>How long after that the local share holds as well, so that other gateways can tell what they let in meanwhile.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RejoinFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Fewest gateways that a limit is shared among without Redis. More are counted while Redis is there.</summary>
    [Range(1, 1_000)]
    public int Gateways { get; set; } = 1;

    /// <summary>Life of the place that a running request holds; a gateway that dies gives its places back after it.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00")]
    public TimeSpan PlaceLife { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tokens of an answer that a request is taken to need when it names no most; corrected when it ends.</summary>
    [Range(1, 1_000_000)]
    public int AssumedOutputTokens { get; set; } = 1024;

    /// <summary>Most requests that this process runs at the same time; more wait for a moment.</summary>
    [Range(1, 1_000_000)]
    public int MaxRunningRequests { get; set; } = 10_000;

    /// <summary>Most requests that wait; more are refused at once, of the tenant that has most waiting.</summary>
    [Range(0, 1_000_000)]
    public int MaxWaitingRequests { get; set; } = 1_000;

    /// <summary>Longest that a request waits until it is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMilliseconds(100);
}

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
