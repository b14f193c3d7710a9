using Microsoft.Extensions.Primitives;

namespace Orchestration.Gateway.Authentication;

/// <summary>The one place that knows where a credential may stand, for every protocol and listener.</summary>
internal static class CredentialExtractor
{
    private const string Bearer = "Bearer ";

    // A query ends up in access logs, proxies and browser histories.
    private static readonly string[] RefusedQueryNames = ["api_key", "api-key", "apikey", "x-api-key", "key", "access_token", "token"];

    public static CredentialSearch Find(HttpRequest request)
    {
        if (request.QueryString.HasValue && Array.Exists(RefusedQueryNames, request.Query.ContainsKey))
            return new CredentialSearch.Refused("Credentials in the query string are refused; send them in the Authorization header.");
        string? found = null;
        var headers = request.Headers;
        return Collect(headers.Authorization, bearer: true, ref found)
            ?? Collect(headers["x-api-key"], bearer: false, ref found)
            ?? Collect(headers["api-key"], bearer: false, ref found)
            ?? (found is null ? CredentialSearch.None : new CredentialSearch.Found(found));
    }

    private static CredentialSearch.Refused? Collect(StringValues values, bool bearer, ref string? found)
    {
        foreach (var value in values)
        {
            if (string.IsNullOrWhiteSpace(value))
                continue;
            if (bearer && !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
                return new CredentialSearch.Refused("The Authorization header must have the form 'Bearer <key>'.");
            var credential = (bearer ? value[Bearer.Length..] : value).Trim();
            if (found is not null && !string.Equals(found, credential, StringComparison.Ordinal))
                return new CredentialSearch.Refused("The request carries two different credentials.");
            found = credential;
        }

        return null;
    }
}

/// <summary>What a request carries as credential.</summary>
internal abstract record CredentialSearch
{
    public static readonly CredentialSearch None = new Missing();

    private CredentialSearch()
    {
    }

    /// <summary>Exactly one credential.</summary>
    public sealed record Found(string Credential) : CredentialSearch
    {
        public override string ToString() => nameof(Found);
    }

    /// <summary>No credential at all.</summary>
    public sealed record Missing : CredentialSearch;

    /// <summary>Credentials in a form or place that is not accepted.</summary>
    public sealed record Refused(string Reason) : CredentialSearch;
}
