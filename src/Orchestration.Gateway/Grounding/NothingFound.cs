using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.Grounding;

/// <summary>The answer to a question for which nothing was found. No model is asked for it.</summary>
internal static class NothingFound
{
    private const string Provider = "orchestration";
    private const string English = "I could not find an answer to this in the documents.";
    private const string Chinese = "在资料中没有找到这个问题的答案。";

    /// <summary>Its events, without the summary.</summary>
    public static IReadOnlyList<ChatEvent> Events(AdmittedRequest request, GroundedQuestion question) =>
    [
        new() { ResponseStarted = new ResponseStarted { Provider = Provider, Model = request.Plan.RequestedModel, Route = request.Plan.Route } },
        new() { PartStart = new PartStart { Kind = PartKind.Text } },
        new() { PartDelta = new PartDelta { Text = TextFor(question) } },
        new() { PartStop = new PartStop() },
        new() { Usage = new Usage() },
        new() { Finish = new Finish { Reason = FinishReason.Stop, RawReason = "stop" } },
    ];

    private static string TextFor(GroundedQuestion question)
    {
        if (question.Wish.NotFoundAnswer.Length > 0)
            return question.Wish.NotFoundAnswer;
        return question.Question.EnumerateRunes().Any(LexicalTerms.IsIdeograph) ? Chinese : English;
    }
}
