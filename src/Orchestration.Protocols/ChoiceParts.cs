using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols;

/// <summary>Emits the part events of one choice in order and measures what was generated.</summary>
internal sealed class ChoiceParts(int choiceIndex)
{
    private readonly List<int> _open = [];
    private int _next;

    /// <summary>Size of all text, reasoning, refusals, tool names and arguments so far.</summary>
    public TextSize Size { get; private set; }

    /// <summary>True once a tool call began.</summary>
    public bool HasToolCalls { get; private set; }

    /// <summary>Begins a part and returns its index.</summary>
    public int Start(PartKind kind, List<ChatEvent> events, ToolCall? call = null)
    {
        var part = _next++;
        _open.Add(part);
        if (call is not null)
        {
            HasToolCalls = true;
            Size += TextMeasure.Measure(call.Name);
        }

        events.Add(new ChatEvent { PartStart = new PartStart { ChoiceIndex = choiceIndex, PartIndex = part, Kind = kind, ToolCall = call } });
        return part;
    }

    /// <summary>Grows a part.</summary>
    public void Append(int part, string text, List<ChatEvent> events, string signature = "", string logProbabilities = "", string extensions = "")
    {
        Size += TextMeasure.Measure(text);
        events.Add(new ChatEvent
        {
            PartDelta = new PartDelta
            {
                ChoiceIndex = choiceIndex,
                PartIndex = part,
                Text = text,
                Signature = signature,
                LogProbabilities = logProbabilities,
                Extensions = extensions,
            },
        });
    }

    /// <summary>Ends a part; ending it twice does nothing.</summary>
    public void Stop(int part, List<ChatEvent> events)
    {
        if (_open.Remove(part))
            events.Add(new ChatEvent { PartStop = new PartStop { ChoiceIndex = choiceIndex, PartIndex = part } });
    }

    /// <summary>Ends every part that is still open.</summary>
    public void StopAll(List<ChatEvent> events)
    {
        while (_open.Count > 0)
            Stop(_open[0], events);
    }
}
