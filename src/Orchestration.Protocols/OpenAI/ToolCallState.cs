using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>One tool call of a choice while its deltas come in. It begins when its name is known.</summary>
internal sealed class ToolCallState(int choice, int? wireIndex, int position)
{
    private readonly StringBuilder _held = new();
    private string _extensions = "";
    private string _kind = "";
    private char _pending;
    private bool _hasArguments;

    public int? WireIndex { get; } = wireIndex;

    public int Position { get; } = position;

    public string Id { get; private set; } = "";

    public string Name { get; private set; } = "";

    public int PartIndex { get; private set; } = -1;

    public bool HasBegun => PartIndex >= 0;

    /// <summary>True when something of the call was seen, so that it must not be forgotten.</summary>
    public bool HasAnything => Id.Length > 0 || Name.Length > 0 || _held.Length > 0;

    /// <summary>Takes one delta; returns the text that it added.</summary>
    public string Add(ref ToolCallDelta delta, ChoiceState owner, List<ChatEvent> events)
    {
        if (Id.Length == 0)
            Id = delta.Id;
        if (_kind.Length == 0)
            _kind = delta.Kind;
        if (Name.Length == 0)
            Name = delta.Name;
        if (!delta.Others.IsEmpty)
            _extensions = delta.Others.ToString();
        _held.Append(delta.HasArguments ? JsonText.Read(ref delta.Arguments, ref _pending) : delta.RawArguments);

        if (!HasBegun && Name.Length > 0)
            Begin(owner, events);
        return HasBegun ? Release(events) : "";
    }

    /// <summary>Gives out what was held back and makes absent arguments an empty object.</summary>
    public void Close(List<ChatEvent> events)
    {
        if (!_hasArguments)
            Emit("{}", events);
        events.Add(new ChatEvent { PartStop = new PartStop { ChoiceIndex = choice, PartIndex = PartIndex } });
    }

    private void Begin(ChoiceState owner, List<ChatEvent> events)
    {
        PartIndex = owner.NextPartIndex();
        if (Id.Length == 0)
            Id = owner.MakeCallId(PartIndex);
        events.Add(new ChatEvent
        {
            PartStart = new PartStart
            {
                ChoiceIndex = choice,
                PartIndex = PartIndex,
                Kind = PartKind.ToolCall,
                ToolCall = new ToolCall { Id = Id, Name = Name, Kind = _kind },
            },
        });
    }

    // "null" stands for no arguments; whether it does is known only when the text goes on otherwise or the call ends.
    private string Release(List<ChatEvent> events)
    {
        var isMaybeNull = !_hasArguments && _held.Length <= 4 && "null".StartsWith(_held.ToString(), StringComparison.Ordinal);
        if (isMaybeNull && _extensions.Length == 0)
            return "";

        var text = isMaybeNull ? "" : _held.ToString();
        if (!isMaybeNull)
            _held.Clear();
        if (text.Length > 0 || _extensions.Length > 0)
            Emit(text, events);
        return text;
    }

    private void Emit(string text, List<ChatEvent> events)
    {
        _hasArguments |= text.Length > 0;
        events.Add(new ChatEvent
        {
            PartDelta = new PartDelta { ChoiceIndex = choice, PartIndex = PartIndex, Text = text, Extensions = _extensions },
        });
        _extensions = "";
    }
}
