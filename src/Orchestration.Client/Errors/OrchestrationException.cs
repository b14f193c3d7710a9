using Orchestration.Client.Errors;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Client;

/// <summary>A request failed. What kind of failure it is, is said by the derived types; <see cref="Code"/> says it exactly.</summary>
public abstract class OrchestrationException : Exception
{
    private protected OrchestrationException(FailureFacts facts) : base(facts.Failure.Message, facts.Cause) =>
        (Failure, RequestId, Tries) = (facts.Failure, facts.RequestId, facts.Tries);

    /// <summary>Stable code in snake case, for example "rate_limit_exceeded" or "model_not_found".</summary>
    public string Code => Failure.Code;

    /// <summary>The request member at fault, for example "messages[2].content"; null when none is.</summary>
    public string? Param => Failure.Param.Length > 0 ? Failure.Param : null;

    /// <summary>How long the gateway asks to wait; null when waiting does not help or the time is unknown.</summary>
    public TimeSpan? RetryAfter => Failure.RetryAfter?.ToTimeSpan();

    /// <summary>Whether the same request may succeed later without a change. The client's own retries were used up by then.</summary>
    public bool IsRetryable => Failure.Retryable;

    /// <summary>Id of the request, for its receipt and for support; null when the gateway was not reached.</summary>
    public string? RequestId { get; }

    /// <summary>How often the request was sent, 1 or more.</summary>
    public int Tries { get; }

    /// <summary>The failure as the gateway told it.</summary>
    public Failure Failure { get; }
}
