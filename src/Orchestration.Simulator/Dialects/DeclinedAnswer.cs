using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Tokens;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Dialects;

/// <summary>Answers that a vendor's safety system withholds or ends early.</summary>
internal static class DeclinedAnswer
{
    public const string Refusal = "refusal";
    public const string Filtered = "content_filter";
    public const string Explanation = "I can't help with that.";

    public static Answer Apply(Answer answer, Fault? fault, Vendor vendor) => fault?.Kind switch
    {
        FaultKind.Refusal => answer with { Choices = [new AnswerChoice(0, TokenizedText.Empty, TokenizedText.Empty, [], Refusal)] },
        FaultKind.Filtered or FaultKind.FilterMid => new Answer([.. answer.Choices.Select(Halve)], answer.InputTokens, answer.CachedTokens),
        _ => answer,
    };

    private static AnswerChoice Halve(AnswerChoice choice) =>
        new(choice.Index, choice.Reasoning, choice.Content.Take(choice.Content.Count / 2), [], Filtered);
}
