using Orchestration.Simulator.Chat.Templates;
using Orchestration.Simulator.Tokens;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat;

/// <summary>Streams one choice, an event per call, in the order and shapes of its vendor.</summary>
internal sealed class ChoiceStream(ChunkWriter chunks, AnswerSlots slots, ChatExchange exchange, AnswerChoice choice)
{
    private readonly WireDeltas _deltas = exchange.Wire.Deltas;
    private readonly bool _inline = exchange.InlinesReasoning;
    private readonly TokenizedText _reasoning = exchange.ShowsReasoning ? choice.Reasoning : TokenizedText.Empty;
    private readonly ToolCallStream _calls = new(chunks, slots, exchange, choice);
    private bool _started;
    private bool _spoke;
    private bool _reasoningEnded;
    private int _reasoned;
    private int _said;

    private bool Thinks => _reasoning.Count > 0 && !_inline;

    /// <summary>Tokens that the events so far stand for.</summary>
    public int Tokens { get; private set; }

    public bool Finished { get; private set; }

    public bool IsNextFinish =>
        (_started || !HasStart) && _reasoned == _reasoning.Count && _said == choice.Content.Count && _calls.Done && (_reasoningEnded || !HasReasoningEnd);

    private bool StartsWithCall =>
        choice.ToolCalls.Count > 0 && _reasoning.Count == 0 && _deltas.FirstCall is not null && exchange.Calls != CallTiming.WithFinish;

    private Template? StartDelta => Thinks ? _deltas.FirstThinking ?? _deltas.First : _deltas.First;

    private bool HasStart => StartsWithCall || StartDelta is not null;

    private bool HasReasoningEnd => Thinks && _deltas.ReasoningEnd is not null;

    /// <summary>Writes the next event; a step that this vendor has no event for leads to the one after it.</summary>
    public void WriteNext()
    {
        slots.Choice = choice;
        slots.Finish = null;
        slots.Logprob = null;
        slots.Calls.Clear();
        if (!_started && WriteStart())
            return;
        if (_reasoned < _reasoning.Count)
            WriteReasoning();
        else if (!_reasoningEnded && HasReasoningEnd)
            WriteReasoningEnd();
        else if (_said < choice.Content.Count)
            WriteContent();
        else if (!_calls.Done)
            Tokens += _calls.WriteNext();
        else
            WriteFinish(exchange.FinishReason(choice));
    }

    /// <summary>Ends the choice before its time.</summary>
    public void WriteFinish(string? reason)
    {
        Finished = true;
        slots.Choice = choice;
        slots.Finish = reason;
        slots.Edge = true;
        slots.Calls.Clear();
        slots.Delta = FinishDelta();
        chunks.WriteChunk();
        slots.Finish = null;
    }

    private Template FinishDelta()
    {
        if (choice.ToolCalls.Count > 0 && _deltas.FinishCalls is { } delta)
        {
            if (exchange.Calls == CallTiming.WithFinish)
                Tokens += _calls.TakeAll();
            return delta;
        }
        return Thinks ? _deltas.FinishThinking ?? _deltas.Finish : _deltas.Finish;
    }

    private bool WriteStart()
    {
        _started = true;
        // Reasoning that is not shown has been done by now.
        Tokens += choice.Reasoning.Count - _reasoning.Count;
        if (StartsWithCall)
        {
            Tokens += _calls.WriteNext(_deltas.FirstCall);
            return true;
        }
        if (StartDelta is not { } delta)
            return false;
        _spoke = true;
        slots.Delta = delta;
        chunks.WriteChunk();
        return true;
    }

    private void WriteReasoning()
    {
        var text = _reasoning[_reasoned].ToString();
        if (_inline && _reasoned == 0)
            text = ThinkMarks.Open + text;
        _reasoned++;
        if (_inline && _reasoned == _reasoning.Count)
            text += ThinkMarks.Close;
        WriteText(text, _inline ? FirstOr(_deltas.FirstContent, _deltas.Content) : FirstOr(_deltas.FirstReasoning, _deltas.Reasoning));
    }

    private void WriteReasoningEnd()
    {
        _reasoningEnded = true;
        slots.Delta = _deltas.ReasoningEnd;
        chunks.WriteChunk();
    }

    private void WriteContent()
    {
        if (exchange.Request.Logprobs)
            slots.Logprob = _said;
        var delta = Thinks ? _deltas.ContentThinking ?? _deltas.Content : FirstOr(_deltas.FirstContent, _deltas.Content);
        WriteText(choice.Content[_said++].ToString(), delta);
        slots.Logprob = null;
    }

    private Template FirstOr(Template? first, Template other) => _spoke ? other : first ?? other;

    private void WriteText(string text, Template delta)
    {
        _spoke = true;
        slots.Text = text;
        slots.Delta = delta;
        chunks.WriteChunk(text.Length);
        Tokens++;
    }
}
