using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Orchestration.Client.Chat;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;

namespace Orchestration.Client.Embeddings;

/// <summary>Embeddings through the gateway.</summary>
internal sealed class OrchestrationEmbeddingGenerator(
    EmbeddingsService.EmbeddingsServiceClient client, IOptions<OrchestrationClientOptions> options)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("orchestration", options.Value.Address, options.Value.EmbeddingModel);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? generation = null, CancellationToken cancellationToken = default)
    {
        var request = new EmbeddingsRequest { Model = generation?.ModelId ?? options.Value.EmbeddingModel, Inputs = { values } };
        if (generation?.Dimensions is { } dimensions)
            request.Dimensions = dimensions;

        var response = await client.EmbedAsync(request, cancellationToken: cancellationToken).OrCanceledAsync(cancellationToken);
        return new GeneratedEmbeddings<Embedding<float>>(
            response.Embeddings.Select(e => new Embedding<float>(e.Values.ToArray()) { ModelId = response.Response?.Model }))
        {
            Usage = ChatResponses.ToUsage(response.Usage),
            AdditionalProperties = ChatResponses.Facts(response.Response, response.Summary),
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(client) ? client
        : null;

    public void Dispose()
    {
    }
}
