using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Gemini;

/// <summary>Keys, ids and errors of the Gemini API.</summary>
internal sealed class GeminiDialect : WireDialect
{
    public static readonly GeminiDialect Instance = new();

    /// <summary>Streams that are no events are an array, sent in pieces.</summary>
    public static readonly GeminiDialect Array = new() { Events = false };

    private const int IdLength = 22;
    private const string TypePrefix = "type.googleapis.com/google.rpc.";
    private const double DefaultRetry = 34.4;

    public override bool NeedsKey => true;

    public override string StreamType => Events ? "text/event-stream" : WireHeaders.Json;

    private bool Events { get; init; } = true;

    /// <summary>Bodies are pretty-printed.</summary>
    public static JsonWriterOptions Pretty => WireJson.Options with { Indented = true, NewLine = "\n" };

    public override string? KeyOf(HttpRequest request) =>
        request.Headers.TryGetValue("x-goog-api-key", out var header) ? header.ToString() : request.Query["key"].FirstOrDefault() ?? base.KeyOf(request);

    public override string NewId(ref StableRandom random) => AnswerIds.Letters(ref random, IdLength);

    public override ErrorAnswer Refuse(Vendor vendor, WireProblem problem) =>
        new(problem.Status, Compose(problem.Status, problem.Message, "INVALID_ARGUMENT", null));

    public override ErrorAnswer RefuseKey(Vendor vendor, bool missing) => missing
        ? new(403, Compose(403, "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.", "PERMISSION_DENIED", null))
        : new(400, Compose(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT", static json =>
        {
            json.WriteStartObject();
            json.WriteString("@type"u8, TypePrefix + "ErrorInfo");
            json.WriteString("reason"u8, "API_KEY_INVALID"u8);
            json.WriteString("domain"u8, "googleapis.com"u8);
            json.WriteEndObject();
        }));

    public override ErrorAnswer Fail(Vendor vendor, int status, double? retryAfter = null)
    {
        if (status == 401)
            return RefuseKey(vendor, false);
        var (name, message) = status switch
        {
            400 => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
            402 or 403 => ("PERMISSION_DENIED", "Your project has been denied access. Please contact support."),
            404 => ("NOT_FOUND", "models/unknown is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods."),
            429 => ("RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details."),
            503 => ("UNAVAILABLE", "The model is overloaded. Please try again later."),
            504 => ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
            _ => ("INTERNAL", "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting"),
        };
        return new ErrorAnswer(status, Compose(status, message, name, status == 429 ? json => WriteQuota(json, retryAfter ?? DefaultRetry) : null));
    }

    public static byte[] Compose(int status, string message, string name, Action<Utf8JsonWriter>? details, bool pretty = true)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, pretty ? Pretty : WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteNumber("code"u8, status);
            json.WriteString("message"u8, message);
            json.WriteString("status"u8, name);
            if (details is not null)
            {
                json.WriteStartArray("details"u8);
                details(json);
                json.WriteEndArray();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteQuota(Utf8JsonWriter json, double retryAfter)
    {
        json.WriteStartObject();
        json.WriteString("@type"u8, TypePrefix + "QuotaFailure");
        json.WriteStartArray("violations"u8);
        json.WriteStartObject();
        json.WriteString("quotaMetric"u8, "generativelanguage.googleapis.com/generate_content_free_tier_requests"u8);
        json.WriteString("quotaId"u8, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"u8);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("@type"u8, TypePrefix + "RetryInfo");
        json.WriteString("retryDelay"u8, retryAfter.ToString(CultureInfo.InvariantCulture) + "s");
        json.WriteEndObject();
    }
}
