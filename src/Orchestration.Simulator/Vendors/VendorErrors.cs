using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Vendors;

/// <summary>Error bodies as each vendor writes them.</summary>
internal static class VendorErrors
{
    public static byte[] Body(Dialect dialect, int status) => dialect switch
    {
        Dialect.DeepSeek => DeepSeek(status),
        _ => OpenAI(status),
    };

    public static byte[] Compose(string message, string type, string? parameter, string? code)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, type);
            json.WriteString("param"u8, parameter);
            json.WriteString("code"u8, code);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] DeepSeek(int status) => status switch
    {
        400 => Compose("Invalid request.", "invalid_request_error", null, "invalid_request_error"),
        401 => Compose("Authentication Fails, Your api key: ****0000 is invalid", "authentication_error", null, "invalid_request_error"),
        402 => Compose("Insufficient Balance", "unknown_error", null, "invalid_request_error"),
        404 => Compose("Model Not Exist", "invalid_request_error", null, "invalid_request_error"),
        429 => Compose("Too many requests in flight for this account.", "rate_limit_error", null, "rate_limit_error"),
        503 => Compose("Service is too busy. We advise users to temporarily switch to alternative LLM API service providers.",
            "service_unavailable_error", null, "service_unavailable_error"),
        _ => Compose("Internal server error", "server_error", null, "internal_error"),
    };

    private static byte[] OpenAI(int status) => status switch
    {
        400 => Compose("Invalid request.", "invalid_request_error", null, null),
        401 => Compose("Incorrect API key provided: sk-****0000.", "invalid_request_error", null, "invalid_api_key"),
        402 => Compose("You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", null, "insufficient_quota"),
        403 => Compose("Country, region, or territory not supported", "request_forbidden", null, "unsupported_country_region_territory"),
        404 => Compose("The model does not exist or you do not have access to it.", "invalid_request_error", "model", "model_not_found"),
        413 => Compose("This model's maximum context length was exceeded.", "invalid_request_error", "messages", "context_length_exceeded"),
        429 => Compose("Rate limit reached in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s.",
            "tokens", null, "rate_limit_exceeded"),
        503 => Compose("The engine is currently overloaded, please try again later", "server_error", null, "overloaded"),
        _ => Compose("The server had an error while processing your request. Sorry about that!", "server_error", null, null),
    };
}
