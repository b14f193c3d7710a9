using Orchestration.Client.Errors;

namespace Orchestration.Client;

/// <summary>The gateway, or every provider that could answer, failed or could not be reached.</summary>
public sealed class OrchestrationUnavailableException : OrchestrationException
{
    internal OrchestrationUnavailableException(FailureFacts facts) : base(facts)
    {
    }
}
