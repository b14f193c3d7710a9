using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Gemini;

/// <summary>Writes a stream of response objects, as events or as the pieces of one array.</summary>
internal sealed class GeminiWriter(ResponseBody body, ChatExchange exchange, GeminiRequest request) : AnswerWriter(body)
{
    private int _spoken;
    private int _thought;
    private bool _started;

    public override void Write(in AnswerStep step)
    {
        if (step.Kind == StepKind.Reasoning)
            _thought++;
        else
            _spoken += step.Tokens;
        var choice = step.Choice;
        switch (step.Kind)
        {
            case StepKind.Reasoning when request.IncludeThoughts: WriteThought(choice.Index, step.Text.ToString()); break;
            case StepKind.Text: WriteText(choice.Index, step.Text); break;
            case StepKind.CallEnd:
                var (call, signature) = (step.ToolCall, step.Call == 0 ? GeminiJson.Signature(exchange, request, choice) : null);
                Chunk(choice.Index, null, json => GeminiJson.WriteCall(json, call, signature));
                break;
            case StepKind.Finish when GeminiJson.Blocks(exchange): Whole(GeminiJson.WriteBlock); break;
            case StepKind.Finish: Finish(choice); break;
        }
    }

    public override void WriteText(int choice, ReadOnlySpan<char> text)
    {
        var words = text.ToString();
        Chunk(choice, null, json =>
        {
            json.WriteStartObject();
            json.WriteString("text"u8, words);
            json.WriteEndObject();
        });
    }

    public override void End()
    {
        // A stream of events just ends.
        if (!request.Events)
            Body.Write("]"u8);
    }

    public override void Fail()
    {
        Open();
        Body.Write(GeminiDialect.Compose(503, "The model is overloaded. Please try again later.", "UNAVAILABLE", null, pretty: !request.Events));
        Close();
    }

    private void WriteThought(int choice, string text) => Chunk(choice, null, json =>
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteBoolean("thought"u8, true);
        json.WriteEndObject();
    });

    private void Finish(AnswerChoice choice)
    {
        var finish = GeminiJson.Finish(exchange, choice);
        if (choice.FinishReason == DeclinedAnswer.Filtered)
        {
            Chunk(choice.Index, finish, null);
            return;
        }
        // The signature of a text stands on an empty part behind it.
        var signature = choice.ToolCalls.Count == 0 ? GeminiJson.Signature(exchange, request, choice) : null;
        Chunk(choice.Index, finish, json =>
        {
            json.WriteStartObject();
            json.WriteString("text"u8, ""u8);
            if (signature is not null)
                json.WriteString("thoughtSignature"u8, signature);
            json.WriteEndObject();
        });
    }

    private void Chunk(int choice, string? finish, Action<Utf8JsonWriter>? part) => Whole(json =>
    {
        json.WriteStartArray("candidates"u8);
        json.WriteStartObject();
        if (part is not null)
        {
            json.WriteStartObject("content"u8);
            json.WriteStartArray("parts"u8);
            part(json);
            json.WriteEndArray();
            json.WriteString("role"u8, "model"u8);
            json.WriteEndObject();
        }
        if (finish is not null)
            json.WriteString("finishReason"u8, finish);
        json.WriteNumber("index"u8, choice);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private void Whole(Action<Utf8JsonWriter> write)
    {
        Open();
        using (var json = new Utf8JsonWriter(Body, request.Events ? WireJson.Options : GeminiDialect.Pretty))
        {
            json.WriteStartObject();
            write(json);
            GeminiJson.WriteTail(json, exchange, _spoken, _thought);
            json.WriteEndObject();
        }
        Close();
    }

    private void Open()
    {
        if (request.Events)
            Body.Write("data: "u8);
        else
            Body.Write(_started ? ",\r\n"u8 : "["u8);
        _started = true;
    }

    private void Close()
    {
        if (request.Events)
            Body.Write("\r\n\r\n"u8);
    }
}
