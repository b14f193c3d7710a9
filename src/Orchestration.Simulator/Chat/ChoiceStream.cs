using Orchestration.Simulator.Tokens;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat;

/// <summary>Streams one choice, an event per call, in the order and shapes of its vendor.</summary>
internal sealed class ChoiceStream(ChunkWriter chunks, ChatExchange exchange, AnswerChoice choice)
{
    private readonly Dialect _dialect = exchange.Vendor.Dialect;
    private readonly bool _thinks = choice.Reasoning.Count > 0 && exchange.ShowsReasoning;
    private readonly TokenizedText _reasoning = exchange.ShowsReasoning ? choice.Reasoning : TokenizedText.Empty;
    private bool _started;
    private int _reasoned;
    private int _said;
    private int _call;
    private int _argument = -1;

    /// <summary>Tokens that the events so far stand for.</summary>
    public int Tokens { get; private set; }

    public bool Finished { get; private set; }

    /// <summary>Writes the next event.</summary>
    /// <param name="usage">What the finish chunk carries, if this event turns out to be it.</param>
    public void WriteNext(Answer? usage)
    {
        if (!_started)
            WriteStart();
        else if (_reasoned < _reasoning.Count)
            WriteReasoning();
        else if (_said < choice.Content.Count)
            WriteContent();
        else if (_call < choice.ToolCalls.Count)
            WriteToolCall();
        else
            WriteFinish(usage);
    }

    private void WriteStart()
    {
        _started = true;
        // Reasoning that is not shown has been done by now.
        Tokens += choice.Reasoning.Count - _reasoning.Count;
        if (_dialect == Dialect.OpenAI && choice.ToolCalls.Count > 0)
        {
            chunks.Begin(choice.Index);
            chunks.Raw("{\"role\":\"assistant\",\"content\":null,"u8);
            WriteToolCallStart();
            chunks.Raw(",\"refusal\":null}"u8);
            chunks.End();
            return;
        }
        chunks.Begin(choice.Index);
        chunks.Raw(_dialect switch
        {
            Dialect.OpenAI => "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}"u8,
            Dialect.DeepSeek when _thinks => "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"\"}"u8,
            _ => "{\"role\":\"assistant\",\"content\":\"\"}"u8,
        });
        chunks.End();
    }

    private void WriteReasoning()
    {
        var text = _reasoning[_reasoned++];
        chunks.Begin(choice.Index);
        chunks.Raw(_dialect == Dialect.DeepSeek ? "{\"content\":null,\"reasoning_content\":\""u8 : "{\"reasoning_content\":\""u8);
        chunks.Escaped(text);
        chunks.Raw("\"}"u8);
        chunks.End(text.Length);
        Tokens++;
    }

    private void WriteContent()
    {
        var token = _said++;
        var text = choice.Content[token];
        chunks.Begin(choice.Index);
        chunks.Raw("{\"content\":\""u8);
        chunks.Escaped(text);
        chunks.Raw(_thinks && _dialect == Dialect.DeepSeek ? "\",\"reasoning_content\":null}"u8 : "\"}"u8);
        if (exchange.Request.Logprobs)
            chunks.EndWithLogprobs(choice.Content, token);
        else
            chunks.End(text.Length);
        Tokens++;
    }

    private void WriteToolCall()
    {
        chunks.Begin(choice.Index);
        chunks.Raw("{"u8);
        if (_argument < 0)
        {
            WriteToolCallStart();
        }
        else
        {
            chunks.Raw("\"tool_calls\":[{\"index\":"u8);
            chunks.WriteNumber(_call);
            chunks.Raw(",\"function\":{\"arguments\":\""u8);
            chunks.Escaped(choice.ToolCalls[_call].Arguments[_argument++]);
            chunks.Raw("\"}}]"u8);
            Tokens++;
            EndCallWhenDone();
        }
        chunks.Raw("}"u8);
        chunks.End();
    }

    private void WriteToolCallStart()
    {
        var call = choice.ToolCalls[_call];
        var whole = exchange.Vendor.ToolCalls == ToolCallForm.Whole;
        chunks.Raw("\"tool_calls\":[{\"index\":"u8);
        chunks.WriteNumber(_call);
        chunks.Raw(",\"id\":\""u8);
        chunks.Escaped(call.Id);
        chunks.Raw("\",\"type\":\"function\",\"function\":{\"name\":\""u8);
        chunks.Escaped(call.Name);
        chunks.Raw("\",\"arguments\":\""u8);
        if (whole)
            chunks.Escaped(call.Arguments.Text);
        chunks.Raw("\"}}]"u8);
        _argument = whole ? call.Arguments.Count : 0;
        Tokens += whole ? call.Tokens : call.Tokens - call.Arguments.Count;
        EndCallWhenDone();
    }

    private void EndCallWhenDone()
    {
        if (_argument < choice.ToolCalls[_call].Arguments.Count)
            return;
        _call++;
        _argument = -1;
    }

    private void WriteFinish(Answer? usage)
    {
        Finished = true;
        chunks.Begin(choice.Index);
        chunks.Raw(_dialect switch
        {
            Dialect.DeepSeek when _thinks => "{\"content\":\"\",\"reasoning_content\":null}"u8,
            Dialect.DeepSeek => "{\"content\":\"\"}"u8,
            _ => "{}"u8,
        });
        chunks.Finish(exchange.Fault?.Kind == Faults.FaultKind.NoFinish ? null : choice.FinishReason, usage);
    }
}
