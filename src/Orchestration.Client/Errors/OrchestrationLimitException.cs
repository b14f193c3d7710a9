using Orchestration.Client.Errors;

namespace Orchestration.Client;

/// <summary>A limit on requests, tokens or concurrency is reached: one of the caller's, or those of all providers that could answer.</summary>
public sealed class OrchestrationLimitException : OrchestrationException
{
    internal OrchestrationLimitException(FailureFacts facts) : base(facts)
    {
    }

    /// <summary>The limit that refused, for example "600 requests of the key in 60 seconds"; null when it was a provider's. The message says it, too.</summary>
    public string? Limit => Failure.Limit.Length > 0 ? Failure.Limit : null;
}
