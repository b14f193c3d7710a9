using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Errors;

/// <summary>What the client is told when a call to another service of the system fails.</summary>
internal static class InternalCallFailures
{
    /// <summary>True when the other service said no on purpose; a defect or a deadline leaves open what it had done by then.</summary>
    public static bool IsRefusal(this RpcException exception) => exception.Trailers.Get(RpcFailures.TrailerName) is not null
        && exception.GetFailure().FailureClass is not (FailureClass.Unspecified or FailureClass.Internal or FailureClass.DeadlineExceeded);

    /// <summary>A failure that the other service named, or 503: its death is never shown as the caller's fault.</summary>
    public static Failure ToClientFailure(this RpcException exception)
    {
        if (exception.Trailers.Get(RpcFailures.TrailerName) is null)
        {
            return exception.StatusCode switch
            {
                StatusCode.DeadlineExceeded => Failures.DeadlineExceeded(),
                // The size cap of the other side.
                StatusCode.ResourceExhausted => exception.GetFailure(),
                _ => Failures.Unavailable("service_unavailable", "The request cannot be served right now."),
            };
        }

        var failure = exception.GetFailure();
        return failure.FailureClass switch
        {
            // Our own identity was refused, not the client's.
            FailureClass.Unauthenticated or FailureClass.PermissionDenied or FailureClass.Internal => Failures.Internal(),
            _ => failure,
        };
    }
}
