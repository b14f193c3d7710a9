using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>An error object of Google's APIs (google.rpc.Status as JSON).</summary>
/// <param name="Code">HTTP status in the object; 0 when it holds none.</param>
/// <param name="Status">Status word, such as RESOURCE_EXHAUSTED.</param>
/// <param name="Message">Text for a person; may name the account.</param>
/// <param name="Reasons">Reasons of all ErrorInfo details.</param>
/// <param name="RetryDelay">Wait of the RetryInfo detail.</param>
/// <param name="IsDailyQuota">True when a quota of the day is spent.</param>
internal sealed record GeminiError(int Code, string Status, string Message, IReadOnlyList<string> Reasons, TimeSpan? RetryDelay, bool IsDailyQuota)
{
    public bool IsRegionBlock => Says("location is not supported") || Says("not available in your country") || Says("not available in your region");

    public static GeminiError Read(JsonElement root)
    {
        if (!root.TryGet("error", out var error))
            error = root;
        if (error.ValueKind == JsonValueKind.String)
            return new GeminiError(0, "", root.TextOf("error"), [], null, false);

        var details = error.ItemsOf("details").ToList();
        var violations = details.SelectMany(detail => detail.ItemsOf("violations")).ToList();
        return new GeminiError(
            error.TryGet("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : 0,
            error.TextOf("status"),
            error.TextOf("message"),
            [.. details.Select(detail => detail.TextOf("reason")).Where(reason => reason.Length > 0)],
            details.Select(detail => GeminiErrorDecoder.DelayOf(detail.TextOf("retryDelay"))).FirstOrDefault(delay => delay is not null),
            violations.Exists(violation => violation.TextOf("quotaId").Contains("PerDay", StringComparison.OrdinalIgnoreCase)));
    }

    public bool Says(string phrase) => Message.Contains(phrase, StringComparison.OrdinalIgnoreCase);
}
