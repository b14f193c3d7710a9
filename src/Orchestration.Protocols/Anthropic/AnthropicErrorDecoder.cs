using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Classifies the errors of Messages endpoints: type first, then its text where the type means several things, then status.</summary>
public static class AnthropicErrorDecoder
{
    /// <summary>Classifies an error answer. The result holds nothing that a client must not see.</summary>
    /// <param name="status">HTTP status of the provider; 200 for an error in a successful answer.</param>
    /// <param name="body">Body as received; may be HTML, empty or cut.</param>
    /// <param name="hints">What the headers say.</param>
    /// <param name="codes">The vendor's own types; they come before the protocol's. Null when it has none.</param>
    public static Failure Decode(int status, ReadOnlySpan<byte> body, RetryHints hints, IReadOnlyDictionary<string, FailureClass>? codes = null) =>
        Decode(status, body, hints, codes is null ? ProviderErrorRules.None : new ProviderErrorRules { Codes = codes });

    /// <summary>Classifies an error answer by everything that is known of the vendor's errors. The result holds nothing that a client must not see.</summary>
    public static Failure Decode(int status, ReadOnlySpan<byte> body, RetryHints hints, ProviderErrorRules rules)
    {
        var error = ProviderErrorBody.Parse(body) ?? ProviderErrorBody.Empty;
        var failureClass = Classify(status, error, rules);
        if (hints.RetryAfter is null && failureClass is FailureClass.ProviderRateLimited or FailureClass.ProviderConcurrency or FailureClass.ProviderOverloaded)
            hints = hints with { RetryAfter = ProviderMessages.WaitIn(error.Message) };

        // Only what is about the caller's own request is told in the provider's words; the rest is about our account.
        var isTheCallers = failureClass is FailureClass.ProviderInvalidRequest or FailureClass.ContextLength or FailureClass.ContentFilter;
        var code = error.Type == "request_too_large" && isTheCallers ? error.Type : null;
        return ProviderFailures.Of(failureClass, isTheCallers ? ProviderMessages.Clean(error.Message) : null, code, status, hints);
    }

    private static FailureClass Classify(int status, ProviderErrorBody error, ProviderErrorRules rules)
    {
        if (rules.Find(status, error) is { } own)
            return own;

        return error.Type switch
        {
            "authentication_error" => FailureClass.ProviderAuth,
            "billing_error" => FailureClass.ProviderBalance,
            "permission_error" => FailureClass.ProviderPermission,
            "not_found_error" => FailureClass.ProviderModelNotFound,
            "rate_limit_error" => Has(error, "concurren") ? FailureClass.ProviderConcurrency : FailureClass.ProviderRateLimited,
            "timeout_error" => FailureClass.ProviderTimeout,
            "overloaded_error" => FailureClass.ProviderOverloaded,
            "api_error" => FailureClass.ProviderError,
            "request_too_large" => FailureClass.ProviderInvalidRequest,
            "invalid_request_error" => FindInText(error) ?? (status is 413 or < 300 or >= 500 ? FailureClass.ProviderInvalidRequest : OfStatus(status, rules)),
            _ => ProviderErrorCodes.Find(error.Code) ?? ProviderErrorCodes.Find(error.Type) ?? FindInText(error) ?? OfStatus(status, rules),
        };
    }

    private static FailureClass? FindInText(ProviderErrorBody error)
    {
        if (Has(error, "exceed context limit"))
            return FailureClass.ContextLength;
        return Has(error, "content filtering policy") ? FailureClass.ContentFilter : ProviderErrorCodes.FindInMessage(error.Message);
    }

    // Here the body's size is meant and not its tokens, so a larger context helps nobody.
    private static FailureClass OfStatus(int status, ProviderErrorRules rules) =>
        status == 413 && !rules.Statuses.ContainsKey(status) ? FailureClass.ProviderInvalidRequest : rules.OfStatus(status);

    private static bool Has(ProviderErrorBody error, string phrase) => error.Message.Contains(phrase, StringComparison.OrdinalIgnoreCase);
}
