namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>What became of an answer that would have been given again.</summary>
/// <param name="Asked">The question.</param>
/// <param name="Answered">The question whose answer it would have been.</param>
/// <param name="Cosine">Nearness of their vectors.</param>
/// <param name="Around">What stood beside it.</param>
/// <param name="Agreed">Whether the model's own answer agreed with it.</param>
internal sealed record ShadowSample(QuestionText Asked, QuestionText Answered, float Cosine, Surroundings Around, bool Agreed);
