using Microsoft.Extensions.AI;
using Orchestration.Client.Chat;
using Orchestration.Contracts.Embeddings.V1;

namespace Orchestration.Client.Embeddings;

/// <summary>Embeddings through the gateway.</summary>
internal sealed class OrchestrationEmbeddingGenerator(OrchestrationClient client, string? model) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = options?.RawRepresentationFactory?.Invoke(this) as EmbeddingsRequest ?? new EmbeddingsRequest();
        request.Inputs.AddRange(values);
        request.Model = options?.ModelId ?? (request.Model.Length > 0 ? request.Model : Model);
        if (options?.Dimensions is { } dimensions)
            request.Dimensions = dimensions;

        var response = await client.EmbedAsync(request, options?.AdditionalProperties.FindCall(), cancellationToken);
        return new GeneratedEmbeddings<Embedding<float>>(
            response.Embeddings.Select(e => new Embedding<float>(e.Values.ToArray()) { ModelId = response.Response?.Model }))
        {
            Usage = ChatResponses.ToUsage(response.Usage),
            AdditionalProperties = OrchestrationFacts.Of(response.RequestId, response.Response, response.Summary).ToProperties(),
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("orchestration", client.Options.Address, Model)
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(client) ? client
        : null;

    public void Dispose()
    {
    }

    private string Model => model ?? client.Options.EmbeddingModel;
}
