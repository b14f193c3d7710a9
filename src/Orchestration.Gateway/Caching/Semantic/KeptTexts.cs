using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>What an entry keeps for comparison.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">Beginning of what was answered.</param>
internal sealed record KeptQuestion(string Question, string Answer)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SemanticJson.Default.KeptQuestion);

    public static KeptQuestion? Parse(byte[] bytes) => JsonSerializer.Deserialize(bytes, SemanticJson.Default.KeptQuestion);
}

/// <summary>What a sample keeps of its two questions.</summary>
/// <param name="Asked">The question.</param>
/// <param name="Answered">The question whose answer was, or would have been, given again.</param>
/// <param name="Cosine">Nearness of their vectors.</param>
/// <param name="Lead">See <see cref="Surroundings.Lead"/>.</param>
/// <param name="Support">See <see cref="Surroundings.Support"/>.</param>
internal sealed record KeptSample(string Asked, string Answered, float Cosine, float Lead, float Support)
{
    public static KeptSample Of(QuestionText asked, Candidate candidate) => new(
        asked.Text, candidate.Entry.Question.Text, candidate.Entry.Cosine, candidate.Around.Lead, candidate.Around.Support);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SemanticJson.Default.KeptSample);

    public static ShadowSample? Parse(byte[] bytes, bool agreed) =>
        JsonSerializer.Deserialize(bytes, SemanticJson.Default.KeptSample) is { } kept
        && QuestionText.Read(kept.Asked) is { } asked && QuestionText.Read(kept.Answered) is { } answered
            ? new ShadowSample(asked, answered, kept.Cosine, new Surroundings(kept.Lead, kept.Support), agreed)
            : null;
}

[JsonSerializable(typeof(KeptQuestion))]
[JsonSerializable(typeof(KeptSample))]
internal sealed partial class SemanticJson : JsonSerializerContext;
