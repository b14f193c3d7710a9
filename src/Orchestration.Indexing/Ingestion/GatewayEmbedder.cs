using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.ServiceDefaults.Grpc;
using Pgvector;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Vectors and the model that made them, as "provider/model".</summary>
internal sealed record EmbeddedTexts(IReadOnlyList<Vector> Vectors, string Model);

/// <summary>Embeds through the gateway on behalf of a tenant: same budgets, ledger and routing as any request.</summary>
internal sealed class GatewayEmbedder(EmbeddingsService.EmbeddingsServiceClient client, InternalCalls calls)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <param name="tenantId">Tenant that pays.</param>
    /// <param name="purpose">"ingest" or "query".</param>
    /// <param name="pinned">"provider/model" that must answer; null takes whoever <paramref name="fallback"/> leads to.</param>
    /// <param name="fallback">Alias or model to ask for when nothing is pinned.</param>
    /// <param name="texts">What to embed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="EmbedderChangedException">Another model answered than the pinned one.</exception>
    public async Task<EmbeddedTexts> EmbedAsync(
        string tenantId, string purpose, string? pinned, string fallback, IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var request = new EmbeddingsRequest { Model = pinned ?? fallback, Inputs = { texts } };
        var response = await client.EmbedAsync(request, calls.For(tenantId, purpose, Timeout, cancellationToken));
        if (response.Embeddings.Count != request.Inputs.Count)
            throw new InvalidOperationException($"{request.Inputs.Count} texts were sent, {response.Embeddings.Count} vectors came back.");

        var answered = $"{response.Response.Provider}/{response.Response.Model}";
        if (pinned is not null && answered != pinned)
            throw new EmbedderChangedException(pinned, answered);

        return new EmbeddedTexts([.. response.Embeddings.Select(e => new Vector(e.Values.ToArray()))], answered);
    }
}
