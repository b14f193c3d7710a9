using Orchestration.Client.Errors;

namespace Orchestration.Client;

/// <summary>
/// The request cannot be answered as it is: it is malformed or too long, names something that does not exist, met a content policy, or its idempotency key
/// belongs to another one.
/// </summary>
public sealed class OrchestrationRequestException : OrchestrationException
{
    internal OrchestrationRequestException(FailureFacts facts) : base(facts)
    {
    }
}
