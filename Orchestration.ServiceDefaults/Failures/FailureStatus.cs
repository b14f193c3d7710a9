using Grpc.Core;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.ServiceDefaults.Failures;

/// <summary>The one place where a class of failure becomes a gRPC status, and a bare status a failure.</summary>
public static class FailureStatus
{
    /// <summary>The status that goes with a class of failure.</summary>
    public static StatusCode ToStatusCode(this FailureClass failureClass) => failureClass switch
    {
        FailureClass.InvalidRequest or FailureClass.TooLarge or FailureClass.ProviderInvalidRequest
            or FailureClass.ContextLength or FailureClass.ContentFilter => StatusCode.InvalidArgument,
        FailureClass.Unauthenticated => StatusCode.Unauthenticated,
        FailureClass.PermissionDenied => StatusCode.PermissionDenied,
        FailureClass.NotFound => StatusCode.NotFound,
        FailureClass.RateLimited or FailureClass.BudgetExhausted or FailureClass.CostCeiling
            or FailureClass.ProviderRateLimited or FailureClass.ProviderConcurrency => StatusCode.ResourceExhausted,
        FailureClass.Unavailable or FailureClass.ProviderOverloaded or FailureClass.ProviderError
            or FailureClass.ProviderUnreachable => StatusCode.Unavailable,
        FailureClass.DeadlineExceeded or FailureClass.ProviderTimeout => StatusCode.DeadlineExceeded,
        FailureClass.Conflict => StatusCode.Aborted,
        FailureClass.PriceUnknown or FailureClass.ProviderAuth or FailureClass.ProviderPermission
            or FailureClass.ProviderModelNotFound or FailureClass.ProviderBalance => StatusCode.FailedPrecondition,
        FailureClass.ProviderProtocol or FailureClass.ProviderTruncated => StatusCode.DataLoss,
        _ => StatusCode.Internal,
    };

    /// <summary>The failure behind a status that came without one.</summary>
    /// <remarks>
    /// Such a status was made by the gRPC library or by a service that knew no better. Unauthenticated means that our own
    /// identity was refused, and ResourceExhausted that a message passed the size cap.
    /// </remarks>
    internal static Failure ToFailure(this Status status) => status.StatusCode switch
    {
        StatusCode.Unavailable => Of(FailureClass.Unavailable, "unavailable", "A part of the service is not available now.", true),
        StatusCode.Cancelled => Of(FailureClass.Unavailable, "cancelled", "The work was stopped before its end.", true),
        StatusCode.DeadlineExceeded => Of(FailureClass.DeadlineExceeded, "deadline_exceeded", "The deadline of the request passed.", true),
        StatusCode.ResourceExhausted => Of(FailureClass.TooLarge, "message_too_large", "The request is too large.", false),
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange =>
            Of(FailureClass.InvalidRequest, "invalid_request", Told(status, "The request is not valid."), false),
        StatusCode.NotFound => Of(FailureClass.NotFound, "not_found", Told(status, "Not found."), false),
        StatusCode.PermissionDenied => Of(FailureClass.PermissionDenied, "permission_denied", Told(status, "Not allowed."), false),
        StatusCode.AlreadyExists or StatusCode.Aborted => Of(FailureClass.Conflict, "conflict", Told(status, "Conflict."), false),
        _ => Of(FailureClass.Internal, "internal_error", "Internal error.", false),
    };

    private static Failure Of(FailureClass failureClass, string code, string message, bool retryable) =>
        new() { FailureClass = failureClass, Code = code, Message = message, Retryable = retryable };

    // A detail with an exception behind it was written by this side's client and may name addresses.
    private static string Told(Status status, string otherwise) =>
        status.DebugException is null && status.Detail.Length > 0 ? status.Detail : otherwise;
}
