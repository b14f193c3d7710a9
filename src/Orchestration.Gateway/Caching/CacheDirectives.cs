using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Orchestration.Gateway.Caching;

/// <summary>What a client's <c>Cache-Control</c> says.</summary>
/// <param name="NoStore">Neither look nor keep.</param>
/// <param name="NoCache">Do not look, but keep the new answer.</param>
/// <param name="MaxAge">Oldest answer that will do; null takes any.</param>
internal sealed record CacheDirectives(bool NoStore, bool NoCache, TimeSpan? MaxAge)
{
    public static CacheDirectives None { get; } = new(false, false, null);

    /// <summary>What cannot be read wishes for nothing from a cache.</summary>
    public static CacheDirectives Read(StringValues header)
    {
        if (StringValues.IsNullOrEmpty(header))
            return None;
        return CacheControlHeaderValue.TryParse(header.ToString(), out var parsed)
            ? new CacheDirectives(parsed.NoStore, parsed.NoCache, parsed.MaxAge)
            : new CacheDirectives(NoStore: true, NoCache: true, null);
    }
}
