using Google.Protobuf;
using Grpc.Core;
using Orchestration.Client.Errors;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Client.Calls;

/// <summary>What a call that did not succeed says.</summary>
/// <param name="Failure">The gateway's own words, or ours where it had none.</param>
/// <param name="RequestId">Id of the request; null when the gateway did not tell one.</param>
/// <param name="MayPass">Whether the same request may succeed later.</param>
/// <param name="Exception">The exception of the call; null for a failure inside an answer.</param>
internal sealed record CallFailure(Failure Failure, string? RequestId, bool MayPass, RpcException? Exception)
{
    private const string Trailer = "orchestration-failure-bin";

    public TimeSpan? RetryAfter => Failure.RetryAfter?.ToTimeSpan();

    public static CallFailure Of(RpcException exception) => ReadTrailer(exception.Trailers) is { } told
        ? new CallFailure(told, RequestIdOf(exception), told.Retryable, exception)
        : new CallFailure(OfStatus(exception), RequestIdOf(exception), IsPassing(exception), exception);

    public OrchestrationException ToException(int tries)
    {
        var facts = new FailureFacts(Failure, RequestId, tries, Exception);
        return Failure.FailureClass switch
        {
            FailureClass.RateLimited or FailureClass.ProviderRateLimited or FailureClass.ProviderConcurrency => new OrchestrationLimitException(facts),
            FailureClass.BudgetExhausted or FailureClass.CostCeiling => new OrchestrationBudgetException(facts),
            FailureClass.Unauthenticated or FailureClass.PermissionDenied => new OrchestrationAccessException(facts),
            FailureClass.InvalidRequest or FailureClass.NotFound or FailureClass.TooLarge or FailureClass.Conflict
                or FailureClass.ProviderInvalidRequest or FailureClass.ContextLength or FailureClass.ContentFilter => new OrchestrationRequestException(facts),
            FailureClass.DeadlineExceeded or FailureClass.ProviderTimeout => new OrchestrationTimeoutException(facts),
            _ => new OrchestrationUnavailableException(facts),
        };
    }

    private static string? RequestIdOf(RpcException exception) => exception.Trailers.GetValue(CallHeaders.RequestId);

    private static Failure? ReadTrailer(Metadata trailers)
    {
        if (trailers.GetValueBytes(Trailer) is not { } bytes)
            return null;
        try
        {
            return Failure.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    // The gateway has not answered: it was not reached, the connection broke, or something between us said so.
    private static bool IsPassing(RpcException exception) =>
        exception.StatusCode == StatusCode.Unavailable || exception.Status.DebugException is HttpRequestException or IOException;

    private static Failure OfStatus(RpcException exception)
    {
        var (failureClass, code) = exception.StatusCode switch
        {
            _ when IsPassing(exception) => (FailureClass.Unavailable, "unavailable"),
            StatusCode.DeadlineExceeded => (FailureClass.DeadlineExceeded, "deadline_exceeded"),
            StatusCode.Unauthenticated => (FailureClass.Unauthenticated, "unauthenticated"),
            StatusCode.PermissionDenied => (FailureClass.PermissionDenied, "permission_denied"),
            StatusCode.NotFound => (FailureClass.NotFound, "not_found"),
            StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition => (FailureClass.InvalidRequest, "invalid_request"),
            // The library's own word for a message above the size cap.
            StatusCode.ResourceExhausted => (FailureClass.TooLarge, "message_too_large"),
            StatusCode.Aborted or StatusCode.AlreadyExists => (FailureClass.Conflict, "conflict"),
            StatusCode.Unimplemented => (FailureClass.NotFound, "not_implemented"),
            _ => (FailureClass.Internal, "internal_error"),
        };
        return new Failure
        {
            FailureClass = failureClass,
            Code = code,
            Message = exception.Status.Detail.Length > 0 ? exception.Status.Detail : $"The call ended as {exception.StatusCode}.",
            Retryable = IsPassing(exception),
        };
    }
}
