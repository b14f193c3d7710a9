using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols;

/// <summary>Folds the events of one answer to a complete answer.</summary>
public sealed class ChatCompletionBuilder(string requestId)
{
    private readonly SortedList<int, ChoiceBuilder> _choices = [];
    private readonly ChatCompletion _completion = new() { RequestId = requestId };

    /// <summary>The failure of the answer; null as long as none was seen.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>True when at least one choice began and every choice that began has its Finish, and no failure was seen.</summary>
    public bool IsComplete => Failure is null && _choices.Count > 0 && _choices.Values.All(choice => choice.Finish is not null);

    /// <summary>Takes the next event.</summary>
    public void Add(ChatEvent chatEvent)
    {
        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.ResponseStarted:
                _completion.Response = chatEvent.ResponseStarted;
                break;
            case ChatEvent.EventOneofCase.PartStart:
                Choice(chatEvent.PartStart.ChoiceIndex).Start(chatEvent.PartStart);
                break;
            case ChatEvent.EventOneofCase.PartDelta:
                Choice(chatEvent.PartDelta.ChoiceIndex).Append(chatEvent.PartDelta);
                break;
            case ChatEvent.EventOneofCase.Usage:
                _completion.Usage = chatEvent.Usage;
                break;
            case ChatEvent.EventOneofCase.Finish:
                Choice(chatEvent.Finish.ChoiceIndex).Finish = chatEvent.Finish;
                break;
            case ChatEvent.EventOneofCase.Error:
                Failure ??= chatEvent.Error;
                break;
            case ChatEvent.EventOneofCase.Summary:
                _completion.Summary = chatEvent.Summary;
                break;
            case ChatEvent.EventOneofCase.Grounded:
                _completion.Grounded = chatEvent.Grounded;
                break;
        }
    }

    /// <summary>The answer so far. A choice that was cut has no Finish.</summary>
    public ChatCompletion Build()
    {
        var completion = _completion.Clone();
        completion.Choices.AddRange(_choices.Values.Select(choice => choice.Build()));
        return completion;
    }

    private ChoiceBuilder Choice(int index)
    {
        if (!_choices.TryGetValue(index, out var choice))
            _choices[index] = choice = new ChoiceBuilder(index);
        return choice;
    }
}
