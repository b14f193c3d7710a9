using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Providers.Execution;

/// <summary>Why an attempt was stopped from our side.</summary>
internal enum StopReason
{
    None,
    ConnectTimeout,
    FirstTokenTimeout,
    IdleTimeout,
    MaxDuration,
    TotalDeadline,
    ClientGone,
    DrainEnded,
    ShuttingDown,
    Withdrawn,
    TooSlow,
}

/// <summary>What a client is told about a <see cref="StopReason"/>.</summary>
internal static class StopFailures
{
    public static Failure ToFailure(this StopReason reason) => reason switch
    {
        StopReason.ConnectTimeout => Timer("connect_timeout", "The provider could not be reached in time."),
        StopReason.FirstTokenTimeout => Timer("first_token_timeout", "The provider did not begin its answer in time."),
        StopReason.IdleTimeout => Timer("idle_timeout", "The provider fell silent in the middle of its answer."),
        StopReason.MaxDuration => Timer("max_duration", "The provider did not finish its answer in time."),
        StopReason.TotalDeadline => Timer("total_deadline", "The request could not be answered before its deadline."),
        StopReason.TooSlow => Timer("min_rate", "The provider's answer came too slowly."),
        StopReason.Withdrawn => ExecutionFailures.Outrun(),
        StopReason.ShuttingDown => ExecutionFailures.ShuttingDown(),
        _ => ExecutionFailures.ClientGone(),
    };

    private static Failure Timer(string code, string message) => new()
    {
        FailureClass = FailureClass.ProviderTimeout,
        Code = code,
        Message = message,
        Retryable = true,
    };
}
