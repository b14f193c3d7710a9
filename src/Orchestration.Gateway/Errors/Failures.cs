using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Errors;

/// <summary>The failures that the gateway itself finds. Messages are shown to clients.</summary>
internal static class Failures
{
    public const string ShuttingDownCode = "server_shutting_down";

    public static Failure Invalid(string code, string message, string param = "") =>
        Make(FailureClass.InvalidRequest, code, message, param);

    public static Failure InvalidKey() =>
        Make(FailureClass.Unauthenticated, "invalid_api_key", "The API key is not known, not active, or not meant for this API.");

    /// <summary>Told only to who has the secret.</summary>
    public static Failure KeyOutOfTime(bool begun) => Make(
        FailureClass.Unauthenticated,
        begun ? "api_key_expired" : "api_key_not_yet_valid",
        begun ? "The API key has expired." : "The API key is not valid yet.");

    public static Failure TooManyFailedAttempts()
    {
        var failure = Make(FailureClass.RateLimited, "too_many_failed_attempts", "Too many requests with keys that are not known came from this address.");
        failure.Retryable = true;
        failure.RetryAfter = Duration.FromTimeSpan(TimeSpan.FromMinutes(1));
        return failure;
    }

    public static Failure MissingKey() => Make(
        FailureClass.Unauthenticated,
        "missing_api_key",
        "No API key was sent. Put it in the Authorization header: 'Authorization: Bearer <key>'.");

    public static Failure NotFound(string code, string message, string param = "") => Make(FailureClass.NotFound, code, message, param);

    public static Failure Conflict(string code, string message) => Make(FailureClass.Conflict, code, message);

    public static Failure PermissionDenied(string code, string message, string param = "") => Make(FailureClass.PermissionDenied, code, message, param);

    public static Failure TooLarge(long limit) => Make(
        FailureClass.TooLarge,
        "request_too_large",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The request body is larger than the limit of {limit} bytes."));

    public static Failure PriceUnknown(string model) => Make(
        FailureClass.PriceUnknown,
        "price_unknown",
        $"No price is known for any model that could answer '{model}', so the request is not run.");

    public static Failure Unavailable(string code, string message, TimeSpan? retryAfter = null)
    {
        var failure = Make(FailureClass.Unavailable, code, message);
        failure.Retryable = true;
        failure.RetryAfter = Duration.FromTimeSpan(retryAfter ?? TimeSpan.FromSeconds(1));
        return failure;
    }

    /// <summary>This replica ends; another one takes the same request.</summary>
    public static Failure ShuttingDown() => Unavailable(ShuttingDownCode, "This server is shutting down. Send the request again.");

    public static Failure DeadlineExceeded() =>
        Make(FailureClass.DeadlineExceeded, "deadline_exceeded", "The request's deadline passed.");

    public static Failure Internal() => Make(FailureClass.Internal, "internal_error", "The request failed because of an error on our side.");

    /// <summary>The answer ended without its proper end.</summary>
    public static Failure Interrupted()
    {
        var failure = Make(FailureClass.ProviderTruncated, "stream_interrupted", "The answer was interrupted before its end.");
        failure.Retryable = true;
        return failure;
    }

    private static Failure Make(FailureClass failureClass, string code, string message, string param = "") =>
        new() { FailureClass = failureClass, Code = code, Message = message, Param = param };
}
