using System.Buffers;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat.Templates;

/// <summary>The tool calls that a chunk or a message carries.</summary>
internal sealed class ToolCallSlots(ChatExchange exchange)
{
    private IReadOnlyList<AnswerToolCall> _calls = [];
    private int _from;
    private int _to;
    private Template? _form;
    private string _arguments = "";
    private bool _whole;
    private int _current;

    public bool Any => _to > _from;

    public void Clear() => _to = _from;

    /// <summary>One call of a stream in a form of its vendor.</summary>
    public void Set(IReadOnlyList<AnswerToolCall> calls, int index, Template form, string arguments)
    {
        (_calls, _from, _to, _form, _arguments, _whole) = (calls, index, index + 1, form, arguments, false);
        _current = index;
    }

    /// <summary>Calls with all their arguments.</summary>
    public void SetWhole(IReadOnlyList<AnswerToolCall> calls, int from, int to, Template form) =>
        (_calls, _from, _to, _form, _whole, _current) = (calls, from, to, form, true, from);

    public void WriteAll(IBufferWriter<byte> writer, AnswerSlots slots, IReadOnlyList<AnswerToolCall>? message)
    {
        if (message is not null)
            SetWhole(message, 0, message.Count, exchange.Wire.MessageCall);
        writer.Write("["u8);
        for (_current = _from; _current < _to; _current++)
        {
            if (_current > _from)
                writer.Write(","u8);
            _form!.Write(writer, slots);
        }
        _current = _from;
        writer.Write("]"u8);
    }

    public void Write(Slot slot, IBufferWriter<byte> writer)
    {
        var call = _calls[_current];
        switch (slot)
        {
            case Slot.CallIndex: writer.WriteNumber(Index()); break;
            case Slot.CallId: writer.WriteString(call.Id); break;
            case Slot.CallName: writer.WriteString(call.Name); break;
            default: writer.WriteString(_whole ? call.Arguments.Text : _arguments); break;
        }
    }

    /// <summary>A fault counts the calls from the last to the first.</summary>
    private int Index() => exchange.Fault?.Kind == FaultKind.ToolIndex ? Math.Max(1, _calls.Count - 1) - _current : _current;
}
