using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Providers.Execution;

/// <summary>The rules of one request: the plan's own, completed by the process's defaults.</summary>
internal sealed record ExecutionLimits(
    int MaxAttempts,
    TimeSpan Connect,
    TimeSpan FirstToken,
    TimeSpan Idle,
    TimeSpan MaxDuration,
    TimeSpan Total,
    TimeSpan? Drain,
    bool FailoverOnContentFilter)
{
    public static ExecutionLimits From(ExecutionRules? rules, ExecutionOptions defaults)
    {
        rules ??= new ExecutionRules();
        return new ExecutionLimits(
            rules.MaxAttempts > 0 ? Math.Min(rules.MaxAttempts, 10) : defaults.MaxAttempts,
            Positive(rules.ConnectTimeout, defaults.ConnectTimeout),
            Positive(rules.FirstTokenTimeout, defaults.FirstTokenTimeout),
            Positive(rules.IdleTimeout, defaults.IdleTimeout),
            Positive(rules.MaxDuration, defaults.MaxDuration),
            Positive(rules.TotalDeadline, defaults.TotalDeadline),
            rules.DrainAfterDisconnect?.ToTimeSpan(),
            rules.FailoverOnContentFilter);
    }

    private static TimeSpan Positive(Duration? value, TimeSpan otherwise) =>
        value?.ToTimeSpan() is { } time && time > TimeSpan.Zero ? time : otherwise;
}
