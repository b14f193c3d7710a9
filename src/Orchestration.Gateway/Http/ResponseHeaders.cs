using System.Globalization;
using System.Text;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Http;

/// <summary>Names and forms of the headers that the gateway sets.</summary>
internal static class ResponseHeaders
{
    public const string RequestId = "x-request-id";
    public const string AnthropicRequestId = "request-id";
    public const string Model = "x-orchestration-model";
    public const string Provider = "x-orchestration-provider";
    public const string Route = "x-orchestration-route";
    public const string Reason = "x-orchestration-reason";
    public const string Cache = "x-orchestration-cache";
    public const string CacheSimilarity = "x-orchestration-cache-similarity";
    public const string CacheShadow = "x-orchestration-cache-shadow";
    public const string Warnings = "x-orchestration-warnings";
    public const string Policy = "x-orchestration-policy";
    public const string Attempts = "x-orchestration-attempts";
    public const string Cost = "x-orchestration-cost";
    public const string OverheadMs = "x-orchestration-overhead-ms";
    public const string Simulated = "x-orchestration-simulated";
    public const string ShouldRetry = "x-should-retry";
    public const string RetryAfterMs = "retry-after-ms";

    private const int LongestWarnings = 4096;

    /// <summary>"code" or "code:param", separated by commas; the whole sentences stand in the body.</summary>
    public static string FormatWarnings(RepeatedField<Warning> warnings)
    {
        if (warnings.Count == 0)
            return "";
        var text = new StringBuilder();
        foreach (var warning in warnings)
        {
            if (text.Length > 0)
                text.Append(", ");
            text.Append(warning.Code);
            if (warning.Param.Length > 0)
                text.Append(':').Append(warning.Param);
            if (text.Length > LongestWarnings)
                break;
        }

        return Safe(text.ToString());
    }

    public static string FormatMilliseconds(double milliseconds) => milliseconds.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>Header text that no client's input can break out of.</summary>
    public static string Safe(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
        });
    }
}
