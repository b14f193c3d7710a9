using System.Globalization;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Classifies the errors of OpenAI-compatible providers: body code, then type, then message, then status.</summary>
public static class OpenAIErrorDecoder
{
    private const string GeneralType = "invalid_request_error";

    /// <summary>Classifies an error answer. The result holds nothing that a client must not see.</summary>
    /// <param name="status">HTTP status of the provider; 200 for an error object in a successful answer.</param>
    /// <param name="body">Body as received; may be HTML, empty or cut.</param>
    /// <param name="hints">What the headers say.</param>
    /// <param name="codes">The vendor's own codes and types; they come before the general ones. Null when it has none.</param>
    public static Failure Decode(int status, ReadOnlySpan<byte> body, RetryHints hints, IReadOnlyDictionary<string, FailureClass>? codes = null) =>
        Decode(status, body, hints, codes is null ? ProviderErrorRules.None : new ProviderErrorRules { Codes = codes });

    /// <summary>Classifies an error answer by everything that is known of the vendor's errors. The result holds nothing that a client must not see.</summary>
    public static Failure Decode(int status, ReadOnlySpan<byte> body, RetryHints hints, ProviderErrorRules rules) =>
        Decode(status, ProviderErrorBody.Parse(body) ?? ProviderErrorBody.Empty, hints, rules);

    /// <summary>The failure that a 2xx body or a stream chunk tells; null when it tells none.</summary>
    public static Failure? FindInBand(ReadOnlySpan<byte> body, ProviderErrorRules? rules = null) =>
        ProviderErrorBody.Parse(body) is { } error ? Decode(200, error, default, rules ?? ProviderErrorRules.None) : null;

    private static Failure Decode(int status, ProviderErrorBody error, RetryHints hints, ProviderErrorRules rules)
    {
        var effective = EffectiveStatus(status, error.Code);
        var failureClass = Classify(effective, error, rules);
        var isWaitable = failureClass is FailureClass.ProviderRateLimited or FailureClass.ProviderConcurrency or FailureClass.ProviderOverloaded;
        if (hints.RetryAfter is null && isWaitable)
            hints = hints with { RetryAfter = ProviderMessages.WaitIn(error.Message) };

        if (failureClass is not (FailureClass.ProviderInvalidRequest or FailureClass.ContextLength or FailureClass.ContentFilter))
            return ProviderFailures.Of(failureClass, CodeMessage(failureClass, error), null, effective, hints);

        // These are about the caller's own request, so the provider's words help; the rest is about our account.
        var code = failureClass == FailureClass.ProviderInvalidRequest && IsSimple(error.Code) ? error.Code : null;
        var failure = ProviderFailures.Of(failureClass, ProviderMessages.Clean(error.Message), code, effective, hints);
        failure.Param = IsSimple(error.Param) ? error.Param : "";
        return failure;
    }

    // Aggregators put the HTTP status of the provider behind them into the code of a successful answer.
    private static int EffectiveStatus(int status, string code) =>
        status is >= 200 and < 300 && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var inner) && inner is >= 400 and < 600 ? inner : status;

    private static FailureClass Classify(int status, ProviderErrorBody error, ProviderErrorRules rules)
    {
        if (rules.Find(status, error) is { } own)
            return own;
        // A word that only says that something failed says less than these statuses.
        if ((ProviderErrorCodes.Find(error.Code) ?? ProviderErrorCodes.Find(error.Type) ?? ProviderErrorCodes.FindInMessage(error.Message)) is { } general
            && !(general == FailureClass.ProviderError && status is 401 or 503 or 529))
            return ProviderErrorCodes.Narrow(general, error.Message);

        // One provider gives this type and code to bad keys and empty accounts too, so it decides only where no status does.
        var isGeneral = error.Type == GeneralType || error.Code == GeneralType;
        return isGeneral && status is >= 200 and < 300 ? FailureClass.ProviderInvalidRequest
            : rules.OfStatus(status);
    }

    private static string? CodeMessage(FailureClass failureClass, ProviderErrorBody error) =>
        failureClass == FailureClass.ProviderPermission && error.Code.Equals("unsupported_country_region_territory", StringComparison.OrdinalIgnoreCase)
            ? "The provider does not serve the gateway's region."
            : null;

    private static bool IsSimple(string text) =>
        text.Length is > 0 and <= 128 && text.AsSpan().ContainsAnyExcept(SimpleCharacters) is false;

    private static readonly System.Buffers.SearchValues<char> SimpleCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]-");
}
