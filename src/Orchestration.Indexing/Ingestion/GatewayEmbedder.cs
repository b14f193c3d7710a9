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

    public async Task<EmbeddedTexts> EmbedAsync(
        string tenantId, string purpose, string model, IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var request = new EmbeddingsRequest { Model = model, Inputs = { texts } };
        var response = await client.EmbedAsync(request, calls.For(tenantId, purpose, Timeout, cancellationToken));
        if (response.Embeddings.Count != request.Inputs.Count)
            throw new InvalidOperationException($"{request.Inputs.Count} texts were sent, {response.Embeddings.Count} vectors came back.");

        return new EmbeddedTexts(
            [.. response.Embeddings.Select(e => new Vector(e.Values.ToArray()))],
            $"{response.Response.Provider}/{response.Response.Model}");
    }
}
