using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>What is known of an answer while it comes in.</summary>
internal sealed class AnswerState(OpenAIStreamOptions options)
{
    private readonly SortedList<int, ChoiceState> _choices = [];
    private UsageCounts _counts;

    public ResponseStarted Reported { get; } = new();

    public Usage? Usage { get; private set; }

    public bool UsageSuspect { get; private set; }

    public TextSize OutputSize { get; set; }

    public IList<ChoiceState> Choices => _choices.Values;

    public int FinishedChoices => _choices.Values.Count(choice => choice.RawFinish is not null);

    public ChoiceState Choice(int index)
    {
        if (!_choices.TryGetValue(index, out var choice))
            _choices[index] = choice = new ChoiceState(index, Reported, options);
        return choice;
    }

    /// <summary>Gives out text that was held back because it might have been the beginning of a tag.</summary>
    public void Release(List<ChatEvent> events)
    {
        foreach (var choice in _choices.Values)
            OutputSize += choice.Release(events);
    }

    /// <summary>Takes a report. Reports are cumulative, so the last one holds; one of zeros does not replace a real one.</summary>
    public void Report(UsageCounts counts)
    {
        counts.TakeDetails(_counts);
        if (counts.ToUsage(options.ReasoningOutsideCompletion, out var suspect) is not { } usage)
            return;

        var isZero = usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens + usage.OutputTokens + usage.ReasoningTokens == 0;
        if (isZero && Usage is not null)
            return;
        _counts = counts;
        Usage = usage;
        UsageSuspect = suspect;
    }
}
