using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Grounding;

/// <summary>A question with the passages that its answer may rest on.</summary>
/// <param name="Wish">What the request asked for.</param>
/// <param name="Question">What was searched for.</param>
/// <param name="Sources">What was found and fits the budget, by number; empty when nothing was near enough.</param>
internal sealed record GroundedQuestion(Contracts.Chat.V1.Grounding Wish, string Question, IReadOnlyList<Source> Sources)
{
    /// <summary>False when there is nothing to answer from.</summary>
    public bool Found => Sources.Count > 0;
}
