using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Encodes failures as Anthropic error bodies.</summary>
public static class AnthropicErrorEncoder
{
    private const string TooLong = "prompt is too long";

    /// <summary>Writes <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
    public static void Write(IBufferWriter<byte> output, Failure failure, string requestId)
    {
        using var writer = new Utf8JsonWriter(output, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("type", "error");
        writer.WriteStartObject("error");
        writer.WriteString("type", ErrorType(failure));
        writer.WriteString("message", MessageOf(failure));
        writer.WriteEndObject();
        if (requestId.Length > 0)
            writer.WriteString("request_id", requestId);
        writer.WriteEndObject();
    }

    /// <summary>HTTP status of a failure that is told before the answer began.</summary>
    public static int HttpStatus(Failure failure) => failure.FailureClass switch
    {
        FailureClass.InvalidRequest or FailureClass.ProviderInvalidRequest or FailureClass.ContextLength or FailureClass.ContentFilter => 400,
        FailureClass.Unauthenticated => 401,
        // Its clients try a 429 again, which is of no use when a budget is spent.
        FailureClass.BudgetExhausted or FailureClass.CostCeiling => 402,
        FailureClass.PermissionDenied => 403,
        FailureClass.NotFound => 404,
        FailureClass.Conflict => 409,
        FailureClass.TooLarge => 413,
        FailureClass.RateLimited or FailureClass.ProviderRateLimited or FailureClass.ProviderConcurrency => 429,
        FailureClass.DeadlineExceeded or FailureClass.ProviderTimeout => 504,
        FailureClass.Unavailable or FailureClass.PriceUnknown or FailureClass.ProviderBalance or FailureClass.ProviderOverloaded => 529,
        _ => 500,
    };

    /// <summary>Anthropic's error type for a failure, for example "overloaded_error".</summary>
    public static string ErrorType(Failure failure) => HttpStatus(failure) switch
    {
        400 or 409 => "invalid_request_error",
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        _ => "api_error",
    };

    // Clients shorten the conversation when they read these words, and only then.
    private static string MessageOf(Failure failure) => failure.FailureClass switch
    {
        FailureClass.Internal or FailureClass.Unspecified => "An internal error occurred.",
        FailureClass.ContextLength when !failure.Message.Contains(TooLong, StringComparison.OrdinalIgnoreCase) => $"{TooLong}: {failure.Message}",
        _ when failure.Param.Length > 0 && !failure.Message.Contains(failure.Param, StringComparison.Ordinal) => $"{failure.Param}: {failure.Message}",
        _ => failure.Message,
    };
}
