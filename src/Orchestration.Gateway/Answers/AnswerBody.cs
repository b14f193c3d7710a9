using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestration.Gateway.Answers;

/// <summary>Body of <c>POST /v1/collections/{name}/answer</c>.</summary>
internal sealed record AnswerBody
{
    /// <summary>The question; not beside <see cref="Messages"/>.</summary>
    public string? Question { get; init; }

    /// <summary>A conversation whose last turn of the user is the question.</summary>
    public IReadOnlyList<AnswerTurn>? Messages { get; init; }

    public string? Model { get; init; }

    public bool Stream { get; init; }

    /// <summary>The caller's own system prompt.</summary>
    public string? Instructions { get; init; }

    public int Limit { get; init; }

    public int ContextTokens { get; init; }

    public int? MaxTokens { get; init; }

    public double? Temperature { get; init; }

    public bool PlainFollowUps { get; init; }

    public string? NotFoundAnswer { get; init; }

    /// <summary>The end user's id.</summary>
    public string? User { get; init; }
}

/// <summary>One turn of a conversation.</summary>
internal sealed record AnswerTurn
{
    /// <summary>"user" or "assistant".</summary>
    public required string Role { get; init; }

    public required string Content { get; init; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = 64,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(AnswerBody))]
internal sealed partial class AnswerJsonContext : JsonSerializerContext;
