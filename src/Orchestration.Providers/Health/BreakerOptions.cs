using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Providers.Health;

/// <summary>
/// When a deployment that fails is left alone. Every replica counts for itself and tells the others, so all bounds are per replica: with
/// R replicas, a deployment sees at most R probes a second and fails at most R times <see cref="ConsecutiveFailures"/> before all know.
/// </summary>
internal sealed class BreakerOptions
{
    public const string SectionName = "Breaker";

    /// <summary>How far back outcomes count.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Outcomes in the window below which their ratio says nothing.</summary>
    [Range(5, 10_000)]
    public int MinimumAttempts { get; set; } = 20;

    /// <summary>Share of failures in the window, in percent, from which a deployment is left alone.</summary>
    [Range(5, 100)]
    public int FailurePercent { get; set; } = 25;

    /// <summary>Failures in a row from which a deployment is left alone.</summary>
    [Range(2, 100)]
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>
    /// How many times later than usual the first token of a streamed answer comes for the answer to count as slow; 0 means that none does.
    /// Usual is the mean of the deployment's own last quarter of an hour, so however slow a model is and however its answers vary, at most
    /// one in this many is slow: times <see cref="FailurePercent"/> it should be above 100.
    /// </summary>
    [Range(0, 1000)]
    public int SlowFirstTokenFactor { get; set; } = 5;

    /// <summary>Time to the first token up to which no answer is slow.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan SlowFirstTokenFloor { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Time until the first probe; doubles with every opening in a row, with jitter of a quarter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan OpenTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time until the next probe; also the longest time for which the word of another replica counts.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LongestOpenTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Probes in a row that must be answered before ordinary traffic returns. There is at most one probe a second.</summary>
    [Range(1, 20)]
    public int ProbesToClose { get; set; } = 2;

    /// <summary>Time in which a recovered deployment's share of the traffic grows from a tenth to all of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan SlowStart { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class BreakerOptionsValidator : IValidateOptions<BreakerOptions>;
