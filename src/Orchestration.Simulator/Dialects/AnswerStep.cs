using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Dialects;

internal enum StepKind { ReasoningStart, Reasoning, ReasoningEnd, TextStart, Text, TextEnd, CallStart, Argument, CallEnd, Finish }

/// <summary>One step of a choice as it is spoken; a dialect writes an event for it, or none.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Choice">Whose step it is.</param>
/// <param name="Call">Position of the tool call, for the steps of one.</param>
/// <param name="Token">Position of the token in its text, for the steps that carry one.</param>
/// <param name="Tokens">Tokens that the step stands for.</param>
internal readonly record struct AnswerStep(StepKind Kind, AnswerChoice Choice, int Call, int Token, int Tokens)
{
    public ReadOnlySpan<char> Text => Kind switch
    {
        StepKind.Reasoning => Choice.Reasoning[Token],
        StepKind.Text => Choice.Content[Token],
        StepKind.Argument => Choice.ToolCalls[Call].Arguments[Token],
        _ => default,
    };

    public AnswerToolCall ToolCall => Choice.ToolCalls[Call];
}

internal static class AnswerSteps
{
    public static IEnumerable<AnswerStep> Of(AnswerChoice choice)
    {
        if (choice.Reasoning.Count > 0)
        {
            yield return new(StepKind.ReasoningStart, choice, 0, 0, 0);
            for (var token = 0; token < choice.Reasoning.Count; token++)
                yield return new(StepKind.Reasoning, choice, 0, token, 1);
            yield return new(StepKind.ReasoningEnd, choice, 0, 0, 0);
        }
        if (choice.Content.Count > 0)
        {
            yield return new(StepKind.TextStart, choice, 0, 0, 0);
            for (var token = 0; token < choice.Content.Count; token++)
                yield return new(StepKind.Text, choice, 0, token, 1);
            yield return new(StepKind.TextEnd, choice, 0, 0, 0);
        }
        for (var call = 0; call < choice.ToolCalls.Count; call++)
        {
            var arguments = choice.ToolCalls[call].Arguments.Count;
            yield return new(StepKind.CallStart, choice, call, 0, choice.ToolCalls[call].Tokens - arguments);
            for (var token = 0; token < arguments; token++)
                yield return new(StepKind.Argument, choice, call, token, 1);
            yield return new(StepKind.CallEnd, choice, call, 0, 0);
        }
        yield return new(StepKind.Finish, choice, 0, 0, 0);
    }
}
