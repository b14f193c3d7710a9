using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Collections;

/// <summary>What Indexing's refusals are to a client: it tells what the tenant's own input lacks; everything else is ours.</summary>
internal static class IndexingFailures
{
    public static Failure Of(RpcException exception) => exception.StatusCode switch
    {
        StatusCode.NotFound => Failures.NotFound("not_found", "There is no such document or collection."),
        StatusCode.InvalidArgument => exception.GetFailure() is { FailureClass: FailureClass.InvalidRequest or FailureClass.TooLarge, Code.Length: > 0 } failure
            ? failure
            : Failures.Invalid("invalid_request", exception.Status.Detail),
        _ => exception.ToClientFailure(),
    };
}
