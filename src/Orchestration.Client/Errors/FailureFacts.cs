using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Client.Errors;

/// <summary>What every exception of the client is made of.</summary>
internal sealed record FailureFacts(Failure Failure, string? RequestId, int Tries, Exception? Cause);
