using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>What a request has in common with others of its tenant.</summary>
/// <param name="Seed">Decides between equals, and the arm of a split: the same for a session, else for an end user, else for this request only.</param>
/// <param name="Affinity">Names the beginning of the prompt that a provider may have warm; 0 when there is none worth keeping.</param>
/// <param name="OfSession">True when both are a session's.</param>
internal readonly record struct RequestKeys(ulong Seed, ulong Affinity, bool OfSession)
{
    // Providers cache prompts from about a thousand tokens on.
    private const int ShortestPrefix = 4_096;

    public static RequestKeys Of(string tenantId, string sessionId, string endUser, string requestId, ChatRequest request)
    {
        if (sessionId.Length > 0)
        {
            var session = Hash(tenantId, "session", sessionId);
            return new RequestKeys(session, session, true);
        }

        var seed = endUser.Length > 0 ? Hash(tenantId, "user", endUser) : Hash(tenantId, "request", requestId);
        return new RequestKeys(seed, request.PromptCacheKey.Length > 0 ? Hash(tenantId, "key", request.PromptCacheKey) : PrefixOf(tenantId, request), false);
    }

    private static ulong PrefixOf(string tenantId, ChatRequest request)
    {
        var hash = new StableHash();
        hash.Add(tenantId);
        var left = ShortestPrefix;
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part.Text is not { Text_: { } text })
                    continue;
                hash.Add(text.AsSpan(0, Math.Min(left, text.Length)));
                left -= Math.Min(left, text.Length);
                if (left == 0)
                    return hash.Value;
            }
        }

        return 0;
    }

    private static ulong Hash(string tenantId, string kind, string name)
    {
        var hash = new StableHash();
        hash.Add(tenantId);
        hash.Add(kind);
        hash.Add(name);
        return hash.Value;
    }
}
