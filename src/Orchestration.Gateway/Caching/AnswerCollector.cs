using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Caching;

/// <summary>Collects an answer while it is made, and says whether it may be given again: only whole ones that ended by themselves.</summary>
internal sealed class AnswerCollector(CacheUse.Miss miss, int maxBytes)
{
    private readonly List<ChatEvent> _events = [];
    private readonly HashSet<int> _finished = [];
    private int _bytes;
    private bool _spoilt;

    public CacheUse.Miss Miss => miss;

    public void Add(ChatEvent chatEvent)
    {
        if (_spoilt)
            return;
        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.AttemptStarted or ChatEvent.EventOneofCase.KeepAlive:
                return;
            case ChatEvent.EventOneofCase.Error:
                Spoil();
                return;
            case ChatEvent.EventOneofCase.Finish when !IsProper(chatEvent.Finish):
                Spoil();
                return;
            case ChatEvent.EventOneofCase.PartStart when chatEvent.PartStart.Kind == PartKind.ToolCall && !miss.ToolCalls:
                Spoil();
                return;
            case ChatEvent.EventOneofCase.Finish:
                _finished.Add(chatEvent.Finish.ChoiceIndex);
                break;
        }

        _bytes += chatEvent.CalculateSize();
        if (_bytes > maxBytes)
            Spoil();
        else
            _events.Add(chatEvent);
    }

    /// <summary>The answer; null when it is not to be given again.</summary>
    /// <param name="summary">Null when Providers did not sum up.</param>
    /// <param name="madeAt">Now.</param>
    public CachedAnswer? Result(Summary? summary, DateTimeOffset madeAt)
    {
        if (_spoilt || summary is null || _finished.Count != miss.Choices || _events is not [{ ResponseStarted: not null }, ..])
            return null;
        // What was planned for this request alone, and its attempts, are nobody else's.
        var started = _events[0].Clone();
        started.ResponseStarted.AttemptId = "";
        return new CachedAnswer(madeAt, [started, .. _events.Skip(1), new ChatEvent { Summary = new Summary { Cost = summary.Cost, Settlement = summary.Settlement } }]);
    }

    private bool IsProper(Finish finish) => finish.Reason switch
    {
        FinishReason.Stop => true,
        FinishReason.ToolCalls => miss.ToolCalls,
        _ => false,
    };

    private void Spoil()
    {
        _spoilt = true;
        _events.Clear();
    }
}
