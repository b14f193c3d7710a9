using System.Buffers;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.Http;

/// <summary>What a client says of whom and what a request is for. It is written down and limited by, and opens nothing.</summary>
/// <param name="EndUser">The client's own id of its user, or its hash from another service; empty when none was given.</param>
/// <param name="SessionId">Session id; empty when none was given.</param>
/// <param name="Tags">Labels for reports.</param>
internal sealed record ClientAttribution(string EndUser, string SessionId, IReadOnlyDictionary<string, string> Tags)
{
    public const string SessionHeader = "x-orchestration-session";
    public const string EndUserHeader = "x-orchestration-end-user";
    public const string TagsHeader = "x-orchestration-tags";

    private const int LongestSession = 64;
    private const int LongestEndUser = 512;
    private static readonly Dictionary<string, string> NoTags = [];
    private static readonly SearchValues<char> SessionCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.");

    /// <summary>What the client wishes of the cache.</summary>
    public CacheDirectives Cache { get; init; } = CacheDirectives.None;

    /// <summary>What the headers say; what they leave open, the body says.</summary>
    public static (ClientAttribution? Attribution, Failure? Refused) Read(IHeaderDictionary headers, string endUser)
    {
        var session = headers[SessionHeader].ToString();
        if (session.Length > LongestSession || session.AsSpan().ContainsAnyExcept(SessionCharacters))
            return (null, Refuse($"The header {SessionHeader} takes at most {LongestSession} letters, digits, hyphens, underscores and dots."));
        if (headers.TryGetValue(EndUserHeader, out var named))
            endUser = named.ToString();
        if (endUser.Length > LongestEndUser)
            return (null, Refuse($"An end user's id has at most {LongestEndUser} characters."));
        var cache = CacheDirectives.Read(headers.CacheControl);
        return headers.TryGetValue(TagsHeader, out var text)
            ? ReadTags(text.ToString()) is { } tags
                ? (new ClientAttribution(endUser, session, tags) { Cache = cache }, null)
                : (null, Refuse($"The header {TagsHeader} takes at most {Dimensions.MostTags} labels of the form 'name=value', with commas between them, of at most {Dimensions.LongestTag} characters each."))
            : (new ClientAttribution(endUser, session, NoTags) { Cache = cache }, null);
    }

    /// <summary>These labels, and those of the body that are not named here, as many as fit the ledger.</summary>
    public IReadOnlyDictionary<string, string> TagsOver(IReadOnlyDictionary<string, string> body) => Tags.Count == 0
        ? body
        : Tags.Concat(body.Where(tag => !Tags.ContainsKey(tag.Key))).Take(Dimensions.MostTags).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, string>? ReadTags(string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = tag.IndexOf('=', StringComparison.Ordinal);
            if (equals is < 1 or > Dimensions.LongestTag || tag.Length - equals - 1 > Dimensions.LongestTag || !tags.TryAdd(tag[..equals].TrimEnd(), tag[(equals + 1)..].TrimStart()))
                return null;
        }

        return tags.Count <= Dimensions.MostTags ? tags : null;
    }

    private static Failure Refuse(string message) => Failures.Invalid("invalid_header", message);
}
