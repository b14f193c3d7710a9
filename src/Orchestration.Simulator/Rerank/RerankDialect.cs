using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Rerank;

/// <summary>Ids and errors of reranking, which differ by vendor more than anything else about it.</summary>
internal sealed class RerankDialect(RerankForm form) : WireDialect
{
    public override string NewId(ref StableRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, random.Next());
        BitConverter.TryWriteBytes(bytes[8..], random.Next());
        return new Guid(bytes).ToString();
    }

    public override ErrorAnswer Refuse(Vendor vendor, WireProblem problem) => form switch
    {
        RerankForm.Jina => new(422, Object(("detail", problem.Message))),
        RerankForm.Cohere => new(400, Object(("id", "simulated"), ("message", problem.Message))),
        RerankForm.DashScope => new(400, Object(("code", "InvalidParameter"), ("message", problem.Message), ("request_id", "simulated"))),
        _ => new(400, VendorErrors.Compose(problem.Message, "invalid_request_error", problem.Param, null)),
    };

    public override ErrorAnswer Fail(Vendor vendor, int status, double? retryAfter = null)
    {
        var body = form switch
        {
            RerankForm.Jina => Object(("detail", Jina(status))),
            RerankForm.Cohere => Object(("id", "simulated"), ("message", Cohere(status))),
            RerankForm.DashScope => DashScope(status),
            _ => VendorErrors.Body(vendor, status),
        };
        return retryAfter is { } seconds
            ? new ErrorAnswer(status, body) { Headers = [("retry-after", seconds.ToString(CultureInfo.InvariantCulture))] }
            : new ErrorAnswer(status, body);
    }

    private static string Jina(int status) => status switch
    {
        401 => "[AUTH_INVALID_API_KEY] The API key you provided is invalid. Please provide a valid API key.",
        402 or 403 => "[AUTHZ_INSUFFICIENT_BALANCE] Account balance not enough to run this query, please recharge.",
        404 => "[MODEL_NOT_FOUND] The model does not exist.",
        429 => "[RATE_REQUEST_LIMIT_EXCEEDED] Per minute limit of requests is exceeded.",
        _ => "Internal Server Error",
    };

    private static string Cohere(int status) => status switch
    {
        401 => "invalid api token",
        402 => "your billing limit has been reached",
        404 => "model 'unknown' not found, make sure the correct model ID was used and that you have access to the model.",
        429 => "You are using a Trial key, which is limited to 10 API calls / minute.",
        498 => "invalid token",
        503 => "service unavailable",
        _ => "internal server error",
    };

    private static byte[] DashScope(int status)
    {
        var (code, message) = status switch
        {
            400 => ("InvalidParameter", "Required parameter is missing or invalid."),
            401 => ("InvalidApiKey", "Invalid API-key provided."),
            402 => ("Arrearage", "Access denied, please make sure your account is in good standing."),
            403 => ("AccessDenied", "Access denied."),
            404 => ("ModelNotFound", "Model can not be found."),
            429 => ("Throttling.RateQuota", "Requests rate limit exceeded, please try again later."),
            503 => ("ServiceUnavailable", "The service is temporarily unavailable."),
            _ => ("InternalError", "An internal error has occurred, please try again later."),
        };
        return Object(("code", code), ("message", message), ("request_id", "simulated"));
    }

    private static byte[] Object(params (string Name, string Value)[] members)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>The shapes that reranking answers have.</summary>
internal enum RerankForm { Jina, SiliconFlow, Zhipu, Baidu, Vllm, Cohere, DashScope }
