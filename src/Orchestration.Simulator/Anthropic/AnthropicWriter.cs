using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Anthropic;

/// <summary>Writes the named events of a streamed message.</summary>
internal sealed class AnthropicWriter(ResponseBody body, ChatExchange exchange, AnthropicRequest request) : AnswerWriter(body)
{
    private int _block = -1;
    private bool _pinged;

    public override void Begin()
    {
        Event("message_start", json =>
        {
            json.WriteStartObject("message"u8);
            AnthropicJson.WriteHead(json, exchange);
            json.WriteStartArray("content"u8);
            json.WriteEndArray();
            json.WriteNull("stop_reason"u8);
            json.WriteNull("stop_sequence"u8);
            if (exchange.Fault?.Kind != FaultKind.NoUsage)
                AnthropicJson.WriteUsage(json, exchange, 1, UsagePlace.Start);
            json.WriteEndObject();
        });
        if (exchange.Answer.Choices[0].Tokens == 0)
            KeepAlive();
    }

    public override void KeepAlive()
    {
        _pinged = true;
        Event("ping", static _ => { });
    }

    public override void Write(in AnswerStep step)
    {
        switch (step.Kind)
        {
            case StepKind.ReasoningStart:
                StartBlock(static json =>
                {
                    json.WriteStartObject("content_block"u8);
                    json.WriteString("type"u8, "thinking"u8);
                    json.WriteString("thinking"u8, ""u8);
                    json.WriteString("signature"u8, ""u8);
                    json.WriteEndObject();
                });
                break;
            case StepKind.Reasoning when request.ShowsThinking: Delta("thinking_delta", "thinking", step.Text); break;
            case StepKind.Reasoning: break;
            case StepKind.ReasoningEnd:
                Delta("signature_delta", "signature", ReasoningSeal.Of(exchange.Vendor.Id, step.Choice.Reasoning.Text));
                StopBlock();
                break;
            case StepKind.TextStart:
                StartBlock(static json =>
                {
                    json.WriteStartObject("content_block"u8);
                    json.WriteString("type"u8, "text"u8);
                    json.WriteString("text"u8, ""u8);
                    json.WriteEndObject();
                });
                break;
            case StepKind.Text: WriteText(0, step.Text); break;
            case StepKind.CallStart: StartCall(step.ToolCall); break;
            // A function without arguments sends the first, empty delta only.
            case StepKind.Argument when step.ToolCall.Arguments.Text == "{}": break;
            case StepKind.Argument: Delta("input_json_delta", "partial_json", step.Text); break;
            case StepKind.TextEnd or StepKind.CallEnd: StopBlock(); break;
            case StepKind.Finish: Finish(step.Choice); break;
        }
    }

    public override void WriteText(int choice, ReadOnlySpan<char> text) => Delta("text_delta", "text", text);

    public override void End() => Event("message_stop", static _ => { });

    public override void Fail()
    {
        Body.Write("event: error\ndata: "u8);
        Body.Write(AnthropicDialect.Compose("overloaded_error", "Overloaded", inStream: true));
        Body.Write("\n\n"u8);
    }

    public override void Garble() => Body.Write("event: content_block_delta\ndata: {\"type\": <this is no JSON\n\n"u8);

    private void StartCall(AnswerToolCall call)
    {
        StartBlock(json =>
        {
            json.WritePropertyName("content_block"u8);
            AnthropicJson.WriteCallStart(json, call);
            json.WriteStartObject("input"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        });
        Delta("input_json_delta", "partial_json", "");
    }

    private void StartBlock(Action<Utf8JsonWriter> content)
    {
        _block++;
        Event("content_block_start", json =>
        {
            json.WriteNumber("index"u8, _block);
            content(json);
        });
        if (!_pinged)
            KeepAlive();
    }

    private void StopBlock() => Event("content_block_stop", json => json.WriteNumber("index"u8, _block));

    private void Delta(string type, string member, ReadOnlySpan<char> text)
    {
        Body.WriteText("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
        Body.WriteText(_block.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Body.WriteText($",\"delta\":{{\"type\":\"{type}\",\"{member}\":\"");
        Body.WriteEscaped(text);
        Body.Write("\"}}\n\n"u8);
    }

    private void Finish(AnswerChoice choice) => Event("message_delta", json =>
    {
        json.WriteStartObject("delta"u8);
        AnthropicJson.WriteStop(json, exchange.Fault?.Kind == FaultKind.NoFinish ? null : choice);
        json.WriteEndObject();
        if (exchange.Fault?.Kind != FaultKind.NoUsage)
            AnthropicJson.WriteUsage(json, exchange, exchange.Answer.OutputTokens, UsagePlace.Delta);
    });

    private void Event(string name, Action<Utf8JsonWriter> write)
    {
        Body.WriteText($"event: {name}\ndata: ");
        using (var json = NewJson())
        {
            json.WriteStartObject();
            json.WriteString("type"u8, name);
            write(json);
            json.WriteEndObject();
        }
        Body.Write("\n\n"u8);
    }
}
