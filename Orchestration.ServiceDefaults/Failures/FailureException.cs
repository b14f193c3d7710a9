using Orchestration.Contracts.Errors.V1;

namespace Orchestration.ServiceDefaults.Failures;

/// <summary>Ends a gRPC call with a failure that the caller may see. Thrown by entry points only; features return values.</summary>
public sealed class FailureException(Failure failure) : Exception(failure.Message)
{
    /// <summary>The failure.</summary>
    public Failure Failure { get; } = failure;
}
