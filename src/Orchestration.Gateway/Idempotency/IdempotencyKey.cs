using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Idempotency;

/// <summary>What a request says of being sent again.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "idempotent-replayed";
    public const string RetryCountHeader = "x-stainless-retry-count";
    public const int Longest = 255;

    /// <summary>The key; null when there is none.</summary>
    public static (string? Key, Failure? Refused) Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Header, out var values) || values.Count == 0)
            return (null, null);
        var key = values.Count == 1 ? values[0] ?? "" : "";
        return key.Length is 0 or > Longest || key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? (null, IdempotencyFailures.BadKey())
            : (key, null);
    }

    /// <summary>How often an SDK has sent the same request before; null when the client is none that counts.</summary>
    public static int? RetryCount(IHeaderDictionary headers) =>
        headers.TryGetValue(RetryCountHeader, out var text)
        && int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count)
            ? count
            : null;
}
