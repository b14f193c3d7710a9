using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes failures as OpenAI error bodies.</summary>
public static class OpenAIErrorEncoder
{
    /// <summary>Writes <c>{"error":{"message","type","param","code"},"request_id"}</c>.</summary>
    public static void Write(IBufferWriter<byte> output, Failure failure, string requestId)
    {
        using var writer = new Utf8JsonWriter(output, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", MessageOf(failure));
        writer.WriteString("type", ErrorType(failure));
        writer.WriteString("param", failure.Param.Length > 0 ? failure.Param : null);
        writer.WriteString("code", ErrorCode(failure));
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
        FailureClass.PermissionDenied => 403,
        FailureClass.NotFound => 404,
        FailureClass.Conflict => 409,
        FailureClass.TooLarge => 413,
        FailureClass.RateLimited or FailureClass.BudgetExhausted or FailureClass.ProviderRateLimited or FailureClass.ProviderConcurrency => 429,
        FailureClass.CostCeiling => 429,
        FailureClass.ProviderAuth or FailureClass.ProviderPermission or FailureClass.ProviderModelNotFound or FailureClass.ProviderError => 502,
        FailureClass.ProviderUnreachable or FailureClass.ProviderProtocol or FailureClass.ProviderTruncated => 502,
        FailureClass.Unavailable or FailureClass.PriceUnknown or FailureClass.ProviderBalance or FailureClass.ProviderOverloaded => 503,
        FailureClass.DeadlineExceeded or FailureClass.ProviderTimeout => 504,
        _ => 500,
    };

    /// <summary>OpenAI's error type for a failure, for example "invalid_request_error".</summary>
    public static string ErrorType(Failure failure) => failure.FailureClass switch
    {
        FailureClass.BudgetExhausted or FailureClass.CostCeiling => "insufficient_quota",
        FailureClass.PermissionDenied => "permission_error",
        FailureClass.Unavailable or FailureClass.PriceUnknown or FailureClass.ProviderBalance or FailureClass.ProviderOverloaded => "service_unavailable",
        FailureClass.DeadlineExceeded or FailureClass.ProviderTimeout => "timeout",
        _ => HttpStatus(failure) switch
        {
            429 => "rate_limit_error",
            < 500 => "invalid_request_error",
            502 => "upstream_error",
            _ => "server_error",
        },
    };

    /// <summary>What a client is told; a defect of ours is not explained.</summary>
    internal static string MessageOf(Failure failure) =>
        failure.FailureClass is FailureClass.Internal or FailureClass.Unspecified ? "An internal error occurred." : failure.Message;

    // Clients decide by these codes, so the classes that OpenAI has codes for always carry them.
    internal static string? ErrorCode(Failure failure) => failure.FailureClass switch
    {
        FailureClass.BudgetExhausted => "insufficient_quota",
        FailureClass.ContextLength => "context_length_exceeded",
        FailureClass.ContentFilter => "content_filter",
        FailureClass.RateLimited or FailureClass.ProviderRateLimited when failure.Code.Length == 0 => "rate_limit_exceeded",
        FailureClass.Unauthenticated when failure.Code.Length == 0 => "invalid_api_key",
        FailureClass.PriceUnknown => "price_unknown",
        FailureClass.Internal or FailureClass.Unspecified => "internal_error",
        _ => failure.Code.Length > 0 ? failure.Code : null,
    };
}
