using Orchestration.Client.Errors;

namespace Orchestration.Client;

/// <summary>Time ran out: the client's, the request's own deadline, or one of the provider's timers; <see cref="OrchestrationException.Code"/> says which.</summary>
public sealed class OrchestrationTimeoutException : OrchestrationException
{
    internal OrchestrationTimeoutException(FailureFacts facts) : base(facts)
    {
    }
}
