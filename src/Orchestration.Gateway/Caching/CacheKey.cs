using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway.Caching;

/// <summary>
/// Names the answer of a request under a key of its tenant's own, so that no two tenants' answers can ever meet. Projects are kept apart,
/// too. Everything that a model could answer differently to is part of it.
/// </summary>
internal static class CacheKey
{
    private static readonly ChatRequest NoRequest = new();

    /// <summary>The key of a chat request.</summary>
    public static string Of(AnswerSeal seal, Caller caller, string route, long epoch, ChatRequest request) => Of(seal, caller, route, epoch, "", Canonical(request));

    /// <param name="seal">Makes the tenant's key.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="route">Name of the route that would answer.</param>
    /// <param name="epoch">The route's epoch: other models make other answers.</param>
    /// <param name="kind">What kind of request it is; empty for chat.</param>
    /// <param name="canonical">What is asked.</param>
    public static string Of(AnswerSeal seal, Caller caller, string route, long epoch, string kind, IMessage canonical)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, seal.KeyOf(caller.TenantId, "cache-keys"));
        hash.AppendData(Encoding.UTF8.GetBytes($"{caller.ProjectId}\n{caller.Currency}\n{route}\n{epoch}\n"));
        if (kind.Length > 0)
            hash.AppendData(Encoding.UTF8.GetBytes($"{kind}\n"));
        hash.AppendData(canonical.ToByteArray());
        return $"cache:{{{caller.TenantId}}}:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <summary>What a model could answer differently to, in one form.</summary>
    public static ChatRequest Canonical(ChatRequest request)
    {
        var canonical = request.Clone();
        canonical.Model = request.Model.ToLowerInvariant();
        (canonical.Stream, canonical.EndUser, canonical.PromptCacheKey) = (NoRequest.Stream, NoRequest.EndUser, NoRequest.PromptCacheKey);
        canonical.Metadata.Clear();
        Forget(canonical.Hints);
        return canonical;
    }

    /// <summary>The same of texts that vectors are wanted of.</summary>
    public static EmbeddingsRequest Canonical(EmbeddingsRequest request)
    {
        var canonical = request.Clone();
        (canonical.Model, canonical.EndUser) = (request.Model.ToLowerInvariant(), "");
        Forget(canonical.Hints);
        return canonical;
    }

    /// <summary>The same of texts that are to be ranked.</summary>
    public static RerankRequest Canonical(RerankRequest request)
    {
        var canonical = request.Clone();
        (canonical.Model, canonical.EndUser) = (request.Model.ToLowerInvariant(), "");
        Forget(canonical.Hints);
        return canonical;
    }

    private static void Forget(RoutingHints? hints)
    {
        if (hints is not null)
            (hints.CostCap, hints.Deadline) = (null, null);
    }
}
