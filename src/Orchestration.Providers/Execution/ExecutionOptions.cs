using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Providers.Execution;

/// <summary>Defaults of execution where a plan says nothing, and bounds of the process.</summary>
internal sealed class ExecutionOptions
{
    public const string SectionName = "Execution";

    /// <summary>Attempts of one request, the first included.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Time to get a connection: name, TCP, TLS, a free place in the pool.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Time from the start of an attempt to its first token, for streamed answers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:30:00")]
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest silence between two reads of a body.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:30:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time of one attempt.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "02:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest time of one request.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "02:00:00")]
    public TimeSpan TotalDeadline { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Fewest bytes that a minute of reading must bring once an answer has begun; 0 for no limit. One byte every five seconds, which the
    /// idle timer takes for life, is 12; a keep-alive comment every quarter of a minute is about 60.
    /// </summary>
    [Range(0, 100_000)]
    public int MinBytesPerMinute { get; set; } = 20;

    /// <summary>Most bytes of events that wait for a slow gateway before the upstream read pauses.</summary>
    [Range(4 * 1024, 16 * 1024 * 1024)]
    public int BufferedBytes { get; set; } = 256 * 1024;

    /// <summary>Largest body of a plain answer.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 32 * 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class ExecutionOptionsValidator : IValidateOptions<ExecutionOptions>;
