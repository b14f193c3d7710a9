using Orchestration.Simulator.Chat.Templates;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat;

/// <summary>Streams the tool calls of a choice: whole, in fragments, or with the finish.</summary>
internal sealed class ToolCallStream(ChunkWriter chunks, AnswerSlots slots, ChatExchange exchange, AnswerChoice choice)
{
    private readonly VendorWire _wire = exchange.Wire;
    private readonly IReadOnlyList<AnswerToolCall> _calls = choice.ToolCalls;
    private int _call;
    private int _argument = -1;

    /// <summary>True when nothing is left but the finish, which may carry the calls.</summary>
    public bool Done => _call == _calls.Count || exchange.Calls == CallTiming.WithFinish;

    /// <summary>Puts all calls into the slots, for the chunk that finishes.</summary>
    public int TakeAll()
    {
        slots.Calls.SetWhole(_calls, 0, _calls.Count, _wire.CallStart);
        return _calls.Sum(call => call.Tokens);
    }

    /// <summary>Writes the next event.</summary>
    /// <returns>Tokens that it stands for.</returns>
    public int WriteNext(Template? delta = null)
    {
        slots.Delta = delta ?? _wire.Deltas.Call;
        var call = _calls[_call];
        if (exchange.Calls == CallTiming.Whole)
        {
            slots.Calls.SetWhole(_calls, _call, _call + 1, _wire.CallStart);
            chunks.WriteChunk();
            _call++;
            return call.Tokens;
        }
        return _argument < 0 ? WriteStart(call) : WriteFragment(call);
    }

    private int WriteStart(AnswerToolCall call)
    {
        slots.Calls.Set(_calls, _call, _wire.CallStart, "");
        chunks.WriteChunk();
        _argument = 0;
        EndWhenDone(call);
        return call.Tokens - call.Arguments.Count;
    }

    private int WriteFragment(AnswerToolCall call)
    {
        if (_argument == call.Arguments.Count)
        {
            slots.Delta = _wire.Deltas.CallTrailing;
            slots.Calls.Set(_calls, _call, _wire.CallFragment, "");
            chunks.WriteChunk();
            Next();
            return 0;
        }
        slots.Calls.Set(_calls, _call, _wire.CallFragment, call.Arguments[_argument++].ToString());
        chunks.WriteChunk();
        EndWhenDone(call);
        return 1;
    }

    private void EndWhenDone(AnswerToolCall call)
    {
        if (_argument == call.Arguments.Count && _wire.Deltas.CallTrailing is null)
            Next();
    }

    private void Next()
    {
        _call++;
        _argument = -1;
    }
}
