using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>What is known of an answer while it comes in.</summary>
internal sealed class AnswerState
{
    private readonly SortedList<int, ChoiceState> _choices = [];

    public ResponseStarted Reported { get; } = new();

    public Usage? Usage { get; private set; }

    public bool UsageSuspect { get; private set; }

    public TextSize OutputSize { get; set; }

    public IList<ChoiceState> Choices => _choices.Values;

    public int FinishedChoices => _choices.Values.Count(choice => choice.RawFinish is not null);

    public ChoiceState Choice(int index)
    {
        if (!_choices.TryGetValue(index, out var choice))
            _choices[index] = choice = new ChoiceState(index, Reported);
        return choice;
    }

    /// <summary>Takes a report. Reports are cumulative, so the last one holds; one of zeros does not replace a real one.</summary>
    public void Report(UsageCounts counts)
    {
        if (counts.ToUsage(out var suspect) is not { } usage)
            return;

        var isZero = usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens + usage.OutputTokens + usage.ReasoningTokens == 0;
        if (isZero && Usage is not null)
            return;
        Usage = usage;
        UsageSuspect = suspect;
    }
}
