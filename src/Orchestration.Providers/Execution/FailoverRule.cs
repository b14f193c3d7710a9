using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Providers.Execution;

/// <summary>What execution does about a class of failure before the commit point.</summary>
/// <param name="Next">What may be asked next.</param>
/// <param name="RetrySame">Whether the same deployment may be asked once more when no other is left.</param>
/// <param name="Cooldown">How long the deployment rests.</param>
/// <param name="ProviderWorked">Whether the provider may bill an attempt that ended so after the request was sent.</param>
/// <param name="Sick">Whether it says that the deployment does not work; what the caller, a limit or a content policy caused does not.</param>
internal readonly record struct FailoverRule(NextCandidate Next, bool RetrySame, Cooldown Cooldown, bool ProviderWorked, bool Sick = false)
{
    private static readonly FailoverRule Stop = new(NextCandidate.None, false, Cooldown.None, true);

    /// <summary>The one table of what follows a failure; a class that is not listed comes from this side or the client, and stops the chain.</summary>
    public static FailoverRule For(FailureClass failureClass) => failureClass switch
    {
        FailureClass.ProviderInvalidRequest => new(NextCandidate.None, false, Cooldown.None, false),
        FailureClass.ContextLength => new(NextCandidate.LargerContext, false, Cooldown.None, false),
        FailureClass.ContentFilter => new(NextCandidate.IfRouteAllows, false, Cooldown.None, false),
        FailureClass.ProviderAuth => new(NextCandidate.Any, false, Cooldown.None, false),
        FailureClass.ProviderPermission => new(NextCandidate.Any, false, Cooldown.None, false),
        FailureClass.ProviderModelNotFound => new(NextCandidate.Any, false, Cooldown.None, false),
        FailureClass.ProviderBalance => new(NextCandidate.Any, false, Cooldown.None, false),
        FailureClass.ProviderRateLimited => new(NextCandidate.Any, false, Cooldown.Backoff, false),
        FailureClass.ProviderConcurrency => new(NextCandidate.Any, false, Cooldown.Short, false),
        FailureClass.ProviderOverloaded => new(NextCandidate.Any, true, Cooldown.Backoff, false, Sick: true),
        FailureClass.ProviderError => new(NextCandidate.Any, true, Cooldown.None, true, Sick: true),
        FailureClass.ProviderUnreachable => new(NextCandidate.Any, false, Cooldown.None, true, Sick: true),
        FailureClass.ProviderTimeout => new(NextCandidate.Any, false, Cooldown.None, true, Sick: true),
        FailureClass.ProviderProtocol => new(NextCandidate.Any, false, Cooldown.None, true, Sick: true),
        FailureClass.ProviderTruncated => new(NextCandidate.Any, true, Cooldown.None, true, Sick: true),
        _ => Stop,
    };
}

/// <summary>Which candidates may follow a failure.</summary>
internal enum NextCandidate
{
    None,
    Any,
    LargerContext,
    IfRouteAllows,
}

/// <summary>How long a deployment rests when the provider does not say.</summary>
internal enum Cooldown
{
    None,

    /// <summary>50 to 500 milliseconds: a place may be free at once, and not all who wait may come back together.</summary>
    Short,

    /// <summary>One second, doubling up to a minute, with jitter.</summary>
    Backoff,
}
