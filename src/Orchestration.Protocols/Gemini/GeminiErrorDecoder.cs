using System.Globalization;
using System.Text.Json;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Gemini;

/// <summary>
/// Classifies Google's errors: the reason in the details, then what the message alone tells, then the status word, then the
/// HTTP status. A wrong key and a refused region come as 400, so the HTTP status is the last to ask.
/// </summary>
public static class GeminiErrorDecoder
{
    /// <summary>Classifies an error answer. The result holds nothing that a client must not see.</summary>
    /// <param name="status">HTTP status of the provider; 200 for an error object in a successful answer.</param>
    /// <param name="body">Body as received; may be a list, HTML, empty or cut.</param>
    /// <param name="hints">What the headers say.</param>
    /// <param name="codes">The vendor's own reasons and statuses; they come before the general ones. Null when it has none.</param>
    public static Failure Decode(int status, ReadOnlySpan<byte> body, RetryHints hints, IReadOnlyDictionary<string, FailureClass>? codes = null) =>
        Decode(status, body, hints, codes is null ? ProviderErrorRules.None : new ProviderErrorRules { Codes = codes });

    /// <summary>Classifies an error answer by everything that is known of the vendor's errors. The result holds nothing that a client must not see.</summary>
    public static Failure Decode(int status, ReadOnlySpan<byte> body, RetryHints hints, ProviderErrorRules rules)
    {
        using var document = WireText.Parse(ProviderBody.Trim(body));
        return Decode(status, document?.RootElement ?? default, hints, rules);
    }

    internal static Failure Decode(int status, JsonElement root, RetryHints hints, ProviderErrorRules rules)
    {
        if (root.ValueKind == JsonValueKind.Array)
            root = root.EnumerateArray().FirstOrDefault();
        var error = GeminiError.Read(root);
        var effective = error.Code is >= 400 and < 600 ? error.Code : status;
        var isRegion = error.IsRegionBlock;
        var failureClass = Own(error, effective, rules) ?? Classify(error, effective, rules);
        if (hints.RetryAfter is null && error.RetryDelay is { } wait)
            hints = hints with { RetryAfter = wait };

        if (failureClass is not (FailureClass.ProviderInvalidRequest or FailureClass.ContextLength or FailureClass.ContentFilter))
            return ProviderFailures.Of(failureClass, isRegion ? "The provider does not serve the gateway's region." : null, null, effective, hints);

        // These are about the caller's own request, so the provider's words help; the rest is about our account.
        return ProviderFailures.Of(failureClass, ProviderMessages.Clean(error.Message), null, effective, hints);
    }

    private static FailureClass? Own(GeminiError error, int status, ProviderErrorRules rules)
    {
        foreach (var reason in error.Reasons.DefaultIfEmpty(""))
        {
            if (rules.Find(status, new ProviderErrorBody(reason, error.Status, error.Message, "")) is { } own)
                return own;
        }

        return null;
    }

    private static FailureClass Classify(GeminiError error, int status, ProviderErrorRules rules)
    {
        foreach (var reason in error.Reasons)
        {
            if (OfReason(reason) is { } found)
                return found;
        }

        return OfMessage(error) ?? OfStatusWord(error) ?? rules.OfStatus(status);
    }

    private static FailureClass? OfReason(string reason) => reason switch
    {
        "API_KEY_INVALID" or "API_KEY_EXPIRED" or "API_KEY_NOT_FOUND" or "CREDENTIALS_MISSING" or "ACCESS_TOKEN_EXPIRED" or "ACCOUNT_STATE_INVALID" => FailureClass.ProviderAuth,
        "API_KEY_SERVICE_BLOCKED" or "API_KEY_HTTP_REFERRER_BLOCKED" or "API_KEY_IP_ADDRESS_BLOCKED" or "SERVICE_DISABLED" or "CONSUMER_INVALID" or "IAM_PERMISSION_DENIED"
            => FailureClass.ProviderPermission,
        "BILLING_DISABLED" or "CONSUMER_SUSPENDED" => FailureClass.ProviderBalance,
        _ => null,
    };

    private static FailureClass? OfMessage(GeminiError error)
    {
        if (error.IsRegionBlock)
            return FailureClass.ProviderPermission;
        if (error.Says("api key not valid") || error.Says("api key expired") || error.Says("reported as leaked"))
            return FailureClass.ProviderAuth;
        var isTooLong = error.Says("exceeds the maximum number of tokens") || error.Says("input token count") || error.Says("maximum context length");
        return isTooLong && error.Status is "INVALID_ARGUMENT" or "" ? FailureClass.ContextLength : null;
    }

    private static FailureClass? OfStatusWord(GeminiError error) => error.Status switch
    {
        // A quota of the day is empty until tomorrow, whatever wait the answer proposes.
        "RESOURCE_EXHAUSTED" => error.IsDailyQuota ? FailureClass.ProviderBalance : FailureClass.ProviderRateLimited,
        "UNAUTHENTICATED" => FailureClass.ProviderAuth,
        "PERMISSION_DENIED" => FailureClass.ProviderPermission,
        "NOT_FOUND" => FailureClass.ProviderModelNotFound,
        "UNAVAILABLE" => FailureClass.ProviderOverloaded,
        "DEADLINE_EXCEEDED" => FailureClass.ProviderTimeout,
        "FAILED_PRECONDITION" when error.Says("billing") => FailureClass.ProviderBalance,
        "INVALID_ARGUMENT" or "OUT_OF_RANGE" or "UNIMPLEMENTED" or "FAILED_PRECONDITION" => FailureClass.ProviderInvalidRequest,
        "INTERNAL" or "UNKNOWN" or "ABORTED" or "CANCELLED" or "DATA_LOSS" => FailureClass.ProviderError,
        _ => null,
    };

    internal static TimeSpan? DelayOf(string duration) =>
        duration.EndsWith('s') && double.TryParse(duration.AsSpan(0, duration.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? RetryHints.FromSeconds(seconds)
            : null;
}
