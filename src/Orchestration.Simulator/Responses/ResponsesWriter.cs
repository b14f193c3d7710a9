using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Responses;

/// <summary>Writes the named, numbered events of a streamed response.</summary>
internal sealed class ResponsesWriter(ResponseBody body, ChatExchange exchange, ResponsesRequest request) : AnswerWriter(body)
{
    private const string Padding = "k3V9xQ2mZ8aT41Rw";

    private readonly OutputItems _items = new(exchange, request);
    private readonly bool _obfuscated = exchange.Vendor.Wire.Obfuscated && exchange.Request.Obfuscate;
    private int _sequence;
    private int _item = -1;

    public override void Begin()
    {
        Whole("response.created", ResponseObject.InProgress);
        Whole("response.in_progress", ResponseObject.InProgress);
    }

    public override void Write(in AnswerStep step)
    {
        var choice = step.Choice;
        switch (step.Kind)
        {
            case StepKind.ReasoningStart: StartReasoning(choice); break;
            case StepKind.Reasoning when request.Summary: Delta("response.reasoning_summary_text.delta", _items.ReasoningId, "summary_index", step.Text); break;
            case StepKind.Reasoning: break;
            case StepKind.ReasoningEnd: EndReasoning(choice); break;
            case StepKind.TextStart: StartMessage(choice, json => OutputItems.WriteTextPart(json, "")); break;
            case StepKind.Text: WriteText(0, step.Text); break;
            case StepKind.TextEnd: EndText(choice); break;
            case StepKind.CallStart: StartCall(step.ToolCall); break;
            case StepKind.Argument: Delta("response.function_call_arguments.delta", OutputItems.ItemId(step.ToolCall), null, step.Text); break;
            case StepKind.CallEnd: EndCall(step.ToolCall); break;
            case StepKind.Finish when choice.FinishReason == DeclinedAnswer.Refusal: Refuse(choice); break;
            default: break;
        }
    }

    public override void WriteText(int choice, ReadOnlySpan<char> text) => Delta("response.output_text.delta", _items.MessageId, "content_index", text);

    public override void End()
    {
        if (exchange.Fault?.Kind == FaultKind.NoFinish)
            return;
        var status = ResponseObject.StatusOf(exchange.Answer.Choices[0]);
        Whole("response." + status, status);
    }

    public override void Fail()
    {
        Event("error", static json =>
        {
            json.WriteString("code"u8, "server_error"u8);
            json.WriteString("message"u8, "The server had an error processing your request. Sorry about that!"u8);
            json.WriteNull("param"u8);
        });
        Whole("response.failed", ResponseObject.Failed);
    }

    public override void Garble() => Body.Write("event: response.output_text.delta\ndata: {\"type\": <this is no JSON\n\n"u8);

    private void StartReasoning(AnswerChoice choice)
    {
        Item("response.output_item.added", ++_item, json => _items.WriteReasoning(json, choice, false));
        if (request.Summary)
            Part("response.reasoning_summary_part.added", _items.ReasoningId, "summary_index", json => OutputItems.WriteSummaryPart(json, ""));
    }

    private void EndReasoning(AnswerChoice choice)
    {
        if (request.Summary)
        {
            Done("response.reasoning_summary_text.done", _items.ReasoningId, "summary_index", "text", choice.Reasoning.Text);
            Part("response.reasoning_summary_part.done", _items.ReasoningId, "summary_index", json => OutputItems.WriteSummaryPart(json, choice.Reasoning.Text));
        }
        Item("response.output_item.done", _item, json => _items.WriteReasoning(json, choice, true));
    }

    private void StartMessage(AnswerChoice choice, Action<Utf8JsonWriter> part)
    {
        Item("response.output_item.added", ++_item, json => _items.WriteMessage(json, choice, false));
        Part("response.content_part.added", _items.MessageId, "content_index", part);
    }

    private void EndText(AnswerChoice choice)
    {
        Done("response.output_text.done", _items.MessageId, "content_index", "text", choice.Content.Text);
        Part("response.content_part.done", _items.MessageId, "content_index", json => OutputItems.WriteTextPart(json, choice.Content.Text));
        Item("response.output_item.done", _item, json => _items.WriteMessage(json, choice, true));
    }

    private void StartCall(AnswerToolCall call) => Item("response.output_item.added", ++_item, json => OutputItems.WriteCall(json, call, false));

    private void EndCall(AnswerToolCall call)
    {
        Done("response.function_call_arguments.done", OutputItems.ItemId(call), null, "arguments", call.Arguments.Text);
        Item("response.output_item.done", _item, json => OutputItems.WriteCall(json, call, true));
    }

    private void Refuse(AnswerChoice choice)
    {
        StartMessage(choice, json => OutputItems.WriteRefusalPart(json, ""));
        Delta("response.refusal.delta", _items.MessageId, "content_index", DeclinedAnswer.Explanation);
        Done("response.refusal.done", _items.MessageId, "content_index", "refusal", DeclinedAnswer.Explanation);
        Part("response.content_part.done", _items.MessageId, "content_index", json => OutputItems.WriteRefusalPart(json, DeclinedAnswer.Explanation));
        Item("response.output_item.done", _item, json => _items.WriteMessage(json, choice, true));
    }

    private void Whole(string type, string status) => Event(type, json =>
    {
        json.WritePropertyName("response"u8);
        ResponseObject.Write(json, exchange, request, status);
    });

    private void Item(string type, int index, Action<Utf8JsonWriter> item) => Event(type, json =>
    {
        json.WriteNumber("output_index"u8, index);
        json.WritePropertyName("item"u8);
        item(json);
    });

    private void Part(string type, string itemId, string index, Action<Utf8JsonWriter> part) => Event(type, json =>
    {
        Place(json, itemId, index);
        json.WritePropertyName("part"u8);
        part(json);
    });

    private void Done(string type, string itemId, string? index, string member, string text) => Event(type, json =>
    {
        Place(json, itemId, index);
        json.WriteString(member, text);
    });

    private void Delta(string type, string itemId, string? index, ReadOnlySpan<char> text)
    {
        var words = text.ToString();
        Event(type, json =>
        {
            Place(json, itemId, index);
            json.WriteString("delta"u8, words);
            if (type == "response.output_text.delta")
            {
                json.WriteStartArray("logprobs"u8);
                json.WriteEndArray();
            }
            if (_obfuscated)
                json.WriteString("obfuscation"u8, Padding.AsSpan(words.Length % Padding.Length));
        });
    }

    private void Place(Utf8JsonWriter json, string itemId, string? index)
    {
        json.WriteString("item_id"u8, itemId);
        json.WriteNumber("output_index"u8, _item);
        if (index is not null)
            json.WriteNumber(index, 0);
    }

    private void Event(string type, Action<Utf8JsonWriter> write)
    {
        Body.WriteText($"event: {type}\ndata: ");
        using (var json = NewJson())
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteNumber("sequence_number"u8, _sequence++);
            write(json);
            json.WriteEndObject();
        }
        Body.Write("\n\n"u8);
    }
}
