using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>Questions that may have one answer: of one project and route, under one set of instructions, tools, parameters and earlier turns.</summary>
/// <param name="TenantId">Whose.</param>
/// <param name="ProjectId">Project inside the tenant.</param>
/// <param name="Route">Name of the route.</param>
/// <param name="Fingerprint">HMAC, under the tenant's key, of everything but the last user text.</param>
internal sealed record SemanticPartition(string TenantId, string ProjectId, string Route, string Fingerprint)
{
    public byte[] Bytes => Convert.FromHexString(Fingerprint);

    /// <summary>The partition and the last user text; null when the request is not asked by text alone.</summary>
    /// <param name="seal">Makes the tenant's key.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="route">Name of the route that would answer.</param>
    /// <param name="epoch">The route's epoch: other models make other answers.</param>
    /// <param name="embedder">Whose vectors are compared.</param>
    /// <param name="request">What is asked.</param>
    public static (SemanticPartition Partition, string Text)? Of(
        AnswerSeal seal, Caller caller, string route, long epoch, string embedder, ChatRequest request)
    {
        if (request.Messages.Count == 0 || TextOf(request.Messages[^1]) is not { } text)
            return null;
        var canonical = CacheKey.Canonical(request);
        canonical.Messages[^1].Parts[0].Text.Text_ = "";
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, seal.KeyOf(caller.TenantId, "cache-partitions"));
        hash.AppendData(Encoding.UTF8.GetBytes($"{caller.ProjectId}\n{caller.Currency}\n{route}\n{epoch}\n{embedder}\n"));
        hash.AppendData(canonical.ToByteArray());
        return (new SemanticPartition(caller.TenantId, caller.ProjectId, route, Convert.ToHexStringLower(hash.GetHashAndReset())), text);
    }

    // A picture or a file beside the words changes what they ask.
    private static string? TextOf(Message message) =>
        message is { Role: Role.User, Parts: [{ ContentCase: Part.ContentOneofCase.Text, Extensions.Length: 0 } only] } ? only.Text.Text_ : null;
}
