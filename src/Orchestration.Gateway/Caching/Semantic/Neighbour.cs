namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>A question that was answered before and is near to another one.</summary>
/// <param name="Id">Of the entry.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="Cosine">Of the two vectors.</param>
internal sealed record Neighbour(Guid Id, QuestionText Question, AnswerGist Answer, float Cosine);

/// <summary>What the neighbourhood of a candidate says of it.</summary>
/// <param name="Lead">How much nearer the candidate is than the nearest entry with another answer; its own nearness when there is none.</param>
/// <param name="Support">Share of the other near entries that have the candidate's answer, the nearest weighing most; a half when there are none.</param>
internal readonly record struct Surroundings(float Lead, float Support);
