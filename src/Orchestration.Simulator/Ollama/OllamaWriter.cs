using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Ollama;

/// <summary>Writes a chat as JSON lines; the last one is done.</summary>
internal sealed class OllamaWriter(ResponseBody body, ChatExchange exchange) : AnswerWriter(body)
{
    public override void Write(in AnswerStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Reasoning: WriteMessage("thinking", step.Text.ToString()); break;
            case StepKind.Text: WriteText(0, step.Text); break;
            case StepKind.CallEnd:
                var call = step.ToolCall;
                Line(json =>
                {
                    WriteMessageStart(json, "");
                    OllamaLine.WriteCalls(json, [call]);
                    json.WriteEndObject();
                    json.WriteBoolean("done"u8, false);
                });
                break;
            default: break;
        }
    }

    public override void WriteText(int choice, ReadOnlySpan<char> text)
    {
        var words = text.ToString();
        Line(json =>
        {
            WriteMessageStart(json, words);
            json.WriteEndObject();
            json.WriteBoolean("done"u8, false);
        });
    }

    public override void End() => Line(json =>
    {
        WriteMessageStart(json, "");
        json.WriteEndObject();
        OllamaLine.WriteEnd(json, exchange);
    });

    public override void Fail()
    {
        Body.Write(OllamaDialect.Compose("an error was encountered while running the model: unexpected EOF"));
        Body.Write("\n"u8);
    }

    public override void Garble() => Body.Write("{\"model\": <this is no JSON\n"u8);

    private static void WriteMessageStart(Utf8JsonWriter json, string content)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, content);
    }

    private void WriteMessage(string member, string text) => Line(json =>
    {
        WriteMessageStart(json, "");
        json.WriteString(member, text);
        json.WriteEndObject();
        json.WriteBoolean("done"u8, false);
    });

    private void Line(Action<Utf8JsonWriter> write)
    {
        using (var json = NewJson())
        {
            json.WriteStartObject();
            OllamaLine.WriteHead(json, exchange);
            write(json);
            json.WriteEndObject();
        }
        Body.Write("\n"u8);
    }
}
