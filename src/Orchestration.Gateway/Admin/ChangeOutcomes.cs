using Grpc.Core;
using Orchestration.Gateway.Tenants;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Admin;

/// <summary>Outcomes of operators' changes as gRPC tells them.</summary>
internal static class ChangeOutcomes
{
    /// <exception cref="FailureException">Nothing changed.</exception>
    /// <exception cref="RpcException">There is one already.</exception>
    public static async Task<TState> OrThrowAsync<TState>(this Task<ChangeOutcome<TState>> change) => await change switch
    {
        ChangeOutcome<TState>.Done done => done.State,
        // A failure alone would lose the difference between what exists already and what changed meanwhile.
        ChangeOutcome<TState>.Refused { Failure: { Code: AccountFailures.ExistsCode } exists } => throw new RpcException(new Status(StatusCode.AlreadyExists, exists.Message)),
        ChangeOutcome<TState>.Refused refused => throw new FailureException(refused.Failure),
        var other => throw new InvalidOperationException(other.GetType().Name),
    };
}
