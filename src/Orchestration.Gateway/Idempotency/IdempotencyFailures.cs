using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Idempotency;

/// <summary>What clients are told about their keys.</summary>
internal static class IdempotencyFailures
{
    public static Failure BadKey() => Failures.Invalid(
        "invalid_idempotency_key",
        $"The header {IdempotencyKey.Header} takes one value of 1 to {IdempotencyKey.Longest} visible ASCII characters.");

    public static Failure OtherRequest() => Failures.Conflict(
        "idempotency_mismatch",
        "This Idempotency-Key was used for another request. A key stands for one body, one path and one API key.");

    public static Failure StillRunning()
    {
        var failure = Failures.Conflict("idempotency_in_flight", "The request with this Idempotency-Key is still running. Send it again in a moment for its answer.");
        failure.Retryable = true;
        failure.RetryAfter = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
        return failure;
    }

    public static Failure NotKept() => Failures.Conflict(
        "idempotency_answer_not_kept",
        "The request with this Idempotency-Key was answered, but its answer cannot be given again. Use another key to have it answered anew.");

    public static Failure Interrupted() => Failures.Unavailable(
        "idempotency_interrupted", "The request with this Idempotency-Key was interrupted before its answer. Send it again.");

    public static Failure StoreAway() => Failures.Unavailable(
        "idempotency_unavailable", "Idempotency keys cannot be checked right now, so the request is not run.", TimeSpan.FromSeconds(2));
}
