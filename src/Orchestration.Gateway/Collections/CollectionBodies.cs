using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestration.Gateway.Collections;

/// <summary>Body of <c>POST /v1/collections/{name}/documents</c>.</summary>
internal sealed record DocumentBody
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    public required string Text { get; init; }

    public string? Priority { get; init; }
}

/// <summary>Body of <c>PUT /v1/collections/{name}</c>.</summary>
internal sealed record CollectionBody
{
    public string? EmbeddingModel { get; init; }

    public int ChunkTokens { get; init; }

    public double? VectorWeight { get; init; }

    public string? TrustTier { get; init; }
}

/// <summary>Body of <c>POST /v1/collections/{name}/search</c>.</summary>
internal sealed record SearchBody
{
    public required string Query { get; init; }

    public int Limit { get; init; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowDuplicateProperties = false,
    MaxDepth = 64,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(CollectionBody))]
[JsonSerializable(typeof(DocumentBody))]
[JsonSerializable(typeof(SearchBody))]
internal sealed partial class CollectionJsonContext : JsonSerializerContext;
