using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Anthropic;

/// <summary>Keys, ids and errors of the Messages API.</summary>
internal sealed class AnthropicDialect : WireDialect
{
    public static readonly AnthropicDialect Instance = new();

    private const int IdLength = 22;
    private const string DefaultRetryAfter = "12";

    public override bool NeedsKey => true;

    public override string? KeyOf(HttpRequest request) =>
        request.Headers.TryGetValue("x-api-key", out var key) ? key.ToString() : base.KeyOf(request);

    public override string NewId(ref StableRandom random) => "msg_01" + AnswerIds.Letters(ref random, IdLength);

    public override void Mark(HttpResponse response, string id) => response.Headers["request-id"] = RequestId(id);

    public override ErrorAnswer Refuse(Vendor vendor, WireProblem problem) =>
        new(problem.Status, Compose("invalid_request_error", problem.Message));

    public override ErrorAnswer RefuseKey(Vendor vendor, bool missing) =>
        missing ? new(401, Compose("authentication_error", "x-api-key header is required")) : Fail(vendor, 401);

    public override ErrorAnswer Fail(Vendor vendor, int status, double? retryAfter = null)
    {
        var (type, message) = status switch
        {
            400 => ("invalid_request_error", "messages: Input should be a valid list"),
            401 => ("authentication_error", "invalid x-api-key"),
            402 => ("billing_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits."),
            403 => ("permission_error", "Your API key does not have permission to use the specified resource."),
            404 => ("not_found_error", "model: not found"),
            413 => ("request_too_large", "Request exceeds the maximum size"),
            429 => ("rate_limit_error", "This request would exceed your organization's rate limit of 30,000 input tokens per minute."),
            503 => ("api_error", "Service temporarily unavailable"),
            504 => ("timeout_error", "Request timed out"),
            529 => ("overloaded_error", "Overloaded"),
            _ => ("api_error", "Internal server error"),
        };
        return new ErrorAnswer(status, Compose(type, message)) { Headers = Hints(status, retryAfter) };
    }

    public override byte[] FailInside(Vendor vendor) => Compose("api_error", "Internal server error");

    /// <summary>An error inside a stream has no request id.</summary>
    public static byte[] Compose(string type, string message, bool inStream = false)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteStartObject("error"u8);
            json.WriteString("type"u8, type);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
            if (!inStream)
                json.WriteString("request_id"u8, "req_01SimulatedSimulated00");
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static string RequestId(string id) => "req_01" + id["msg_01".Length..];

    private static (string, string)[] Hints(int status, double? retryAfter)
    {
        if (status == 429)
        {
            return
            [
                ("retry-after", retryAfter?.ToString(CultureInfo.InvariantCulture) ?? DefaultRetryAfter),
                ("anthropic-ratelimit-input-tokens-limit", "30000"),
                ("anthropic-ratelimit-input-tokens-remaining", "0"),
                ("anthropic-ratelimit-input-tokens-reset", DateTimeOffset.UnixEpoch.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
            ];
        }
        return retryAfter is { } seconds ? [("retry-after", seconds.ToString(CultureInfo.InvariantCulture))] : [];
    }
}
