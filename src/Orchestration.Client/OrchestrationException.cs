using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Client;

/// <summary>An answer broke after it had begun.</summary>
public sealed class OrchestrationException(Failure failure) : Exception(failure.Message)
{
    /// <summary>What happened, and whether trying again may help.</summary>
    public Failure Failure { get; } = failure;
}
