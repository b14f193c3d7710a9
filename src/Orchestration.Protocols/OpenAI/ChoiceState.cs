using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>One choice of an answer while its deltas come in.</summary>
internal sealed class ChoiceState(int index, ResponseStarted reported, OpenAIStreamOptions options)
{
    private const int MaxToolCalls = 1_024;

    private readonly List<ToolCallState> _tools = [];
    private Dictionary<string, string>? _others;
    private PartKind _openKind;
    private int _openPart = -1;
    private int _nextPart;

    // First halves of surrogate pairs that were cut between two deltas, by kind of text.
    public char PendingText;
    public char PendingReasoning;
    public char PendingRefusal;

    private ReasoningDetails? _details;

    public int Index => index;

    /// <summary>Takes reasoning out of the text; null for a provider that does not put it there.</summary>
    public InlineThinking? Inline { get; } = options.InlineThinkingTag.Length > 0 ? new InlineThinking(options.InlineThinkingTag) : null;

    public ReasoningDetails Details => _details ??= new ReasoningDetails();

    /// <summary>The provider's word for the end; null while the choice runs.</summary>
    public string? RawFinish { get; set; }

    public bool HasParts => _nextPart > 0;

    public int NextPartIndex() => _nextPart++;

    // Unique within a conversation, because the answer's id is.
    public string MakeCallId(int part) => reported.ProviderResponseId.Length > 0
        ? $"call_{reported.ProviderResponseId}_{index}_{part}"
        : $"call_{Guid.CreateVersion7():N}";

    public void AddText(PartKind kind, string text, string logProbabilities, string extensions, List<ChatEvent> events)
    {
        if (_openPart < 0 || _openKind != kind)
        {
            ClosePart(events);
            _openKind = kind;
            _openPart = _nextPart++;
            events.Add(new ChatEvent { PartStart = new PartStart { ChoiceIndex = index, PartIndex = _openPart, Kind = kind } });
        }

        events.Add(new ChatEvent
        {
            PartDelta = new PartDelta
            {
                ChoiceIndex = index,
                PartIndex = _openPart,
                Text = text,
                LogProbabilities = logProbabilities,
                Extensions = extensions,
            },
        });
    }

    /// <summary>Gives out text that was held back; returns its size.</summary>
    public TextSize Release(List<ChatEvent> events)
    {
        if (Inline is null)
            return default;

        var (reasoning, text) = Inline.End();
        if (reasoning.Length > 0)
            AddText(PartKind.Reasoning, reasoning, "", "", events);
        if (text.Length > 0)
            AddText(PartKind.Text, text, "", "", events);
        return TextMeasure.Measure(reasoning + text);
    }

    /// <summary>Takes one tool call delta and returns the size of what it added; null when the choice has too many calls.</summary>
    public TextSize? AddToolCall(ref ToolCallDelta delta, int position, bool isWhole, List<ChatEvent> events)
    {
        var call = isWhole ? null : Find(ref delta, position);
        if (call is null)
        {
            if (_tools.Count == MaxToolCalls)
                return null;
            call = new ToolCallState(index, delta.Index, position);
            _tools.Add(call);
        }

        var hadBegun = call.HasBegun;
        if (!hadBegun && (call.Name.Length > 0 || delta.Name.Length > 0))
            ClosePart(events);
        var size = TextMeasure.Measure(call.Add(ref delta, this, events));
        return hadBegun || !call.HasBegun ? size : size + TextMeasure.Measure(call.Name);
    }

    public void SetOther(string name, string json) => (_others ??= [])[name] = json;

    /// <summary>Closes all parts at the proper end of the choice; false when a call has no name.</summary>
    public bool Close(List<ChatEvent> events)
    {
        ClosePart(events);
        foreach (var tool in _tools)
        {
            if (tool.HasBegun)
                tool.Close(events);
            else if (tool.HasAnything)
                return false;
        }

        return true;
    }

    public Finish ToFinish()
    {
        var bag = new JsonBag();
        foreach (var (name, json) in _others ?? [])
            bag.Add(name, json);
        return new Finish
        {
            ChoiceIndex = index,
            Reason = IsFlagged ? FinishReason.ContentFilter : FinishReasons.Parse(RawFinish ?? "", _tools.Exists(tool => tool.HasBegun)),
            RawReason = RawFinish ?? "",
            Extensions = bag.ToString(),
        };
    }

    private bool IsFlagged => options.SafetyFlag.Length > 0 && _others is not null && _others.TryGetValue(options.SafetyFlag, out var flag) && flag != "0";

    private void ClosePart(List<ChatEvent> events)
    {
        if (_openPart < 0)
            return;

        events.Add(new ChatEvent { PartStop = new PartStop { ChoiceIndex = index, PartIndex = _openPart } });
        _openPart = -1;
    }

    /// <summary>The call that a delta goes on with; null when it begins a new one. A new id with a name is a new call even under a used index.</summary>
    private ToolCallState? Find(ref ToolCallDelta delta, int position)
    {
        if (delta.Index is null && delta.Id.Length > 0)
        {
            var id = delta.Id;
            if (_tools.FindLast(tool => tool.Id == id) is { } same)
                return same;
        }

        for (var i = _tools.Count - 1; i >= 0; i--)
        {
            var tool = _tools[i];
            if (delta.Index is { } wireIndex ? tool.WireIndex == wireIndex : IsSameWithoutIndex(tool, ref delta, position, isLast: i == _tools.Count - 1))
                return IsNewCall(tool, ref delta) ? null : tool;
        }

        return null;
    }

    private static bool IsSameWithoutIndex(ToolCallState tool, ref ToolCallDelta delta, int position, bool isLast)
    {
        if (delta.Id.Length > 0 && tool.Id.Length > 0)
            return isLast && delta.Name.Length == 0;
        return tool.Position == position || (isLast && delta.Name.Length == 0);
    }

    private static bool IsNewCall(ToolCallState tool, ref ToolCallDelta delta)
    {
        if (delta.Name.Length == 0 || tool.Name.Length == 0)
            return false;
        var isOtherId = delta.Id.Length > 0 && delta.Id != tool.Id;
        var isWholeAgain = delta.Index is null && delta.Id.Length == 0;
        return isOtherId || isWholeAgain;
    }
}
