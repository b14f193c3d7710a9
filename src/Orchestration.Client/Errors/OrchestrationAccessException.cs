using Orchestration.Client.Errors;

namespace Orchestration.Client;

/// <summary>The key is missing, wrong, expired or revoked, or does not allow what was asked for.</summary>
public sealed class OrchestrationAccessException : OrchestrationException
{
    internal OrchestrationAccessException(FailureFacts facts) : base(facts)
    {
    }
}
