using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>What Providers answered to one request.</summary>
internal sealed class ChatReply(IReadOnlyList<ChatEvent> events)
{
    private readonly ChatCompletionBuilder _builder = Fold(events);

    public ChatCompletion Completion => _builder.Build();

    public Failure? Failure => _builder.Failure ?? Attempt?.Failure;

    public AttemptSummary? Attempt => events.LastOrDefault(e => e.Summary is not null)?.Summary.Attempts.LastOrDefault();

    public Settlement Settlement => events.LastOrDefault(e => e.Summary is not null)?.Summary.Settlement ?? Settlement.Unspecified;

    public Usage Usage => Attempt?.Usage ?? new Usage();

    public IReadOnlyList<Finish> Finishes => [.. events.Where(e => e.Finish is not null).Select(e => e.Finish)];

    public Message? Message => Completion.Choices.FirstOrDefault()?.Message;

    public string Text => string.Concat(Message?.Parts.Select(p => p.Text?.Text_ ?? "") ?? []);

    public IReadOnlyList<ToolCall> Calls => [.. (Message?.Parts ?? []).Where(p => p.ToolCall is not null).Select(p => p.ToolCall)];

    public bool Reasoned => Message?.Parts.Any(p => p.Reasoning is not null) is true;

    public IEnumerable<Warning> Warnings => Completion.Response?.Warnings ?? [];

    /// <summary>What is wrong with the end of an answer that should be whole; null when nothing is.</summary>
    public string? WrongEnd(FinishReason reason) =>
        Failure is { } failure ? $"{failure.FailureClass}: {failure.Message} {Attempt?.Failure?.ProviderStatus}"
        : Finishes.Count != 1 ? $"{Finishes.Count} finishes"
        : Finishes[0].Reason != reason ? $"finish {Finishes[0].Reason}, expected {reason}"
        : null;

    private static ChatCompletionBuilder Fold(IReadOnlyList<ChatEvent> events)
    {
        var builder = new ChatCompletionBuilder("conformance");
        foreach (var item in events)
            builder.Add(item);
        return builder;
    }
}
