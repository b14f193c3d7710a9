using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes a complete answer for an OpenAI client.</summary>
public static class OpenAIChatCompletionEncoder
{
    /// <summary>Writes a <c>chat.completion</c> object; <paramref name="model"/> is the name shown to the client.</summary>
    public static void Write(IBufferWriter<byte> output, ChatCompletion completion, OrchestrationFacts facts, string model)
    {
        using var writer = new Utf8JsonWriter(output, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("id", "chatcmpl-" + completion.RequestId);
        writer.WriteString("object", "chat.completion");
        writer.WriteNumber("created", completion.Response?.CreatedAt?.Seconds ?? AnswerWriting.SecondsOf(completion.RequestId));
        writer.WriteString("model", model);
        writer.WriteStartArray("choices");
        foreach (var choice in completion.Choices)
            WriteChoice(writer, choice);
        writer.WriteEndArray();
        AnswerWriting.WriteUsage(writer, completion.Usage);
        AnswerWriting.WriteBackend(writer, completion.Response);
        AnswerWriting.WriteFacts(writer, facts);
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, Choice choice)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", choice.Index);
        WriteMessage(writer, choice.Message ?? new Message());
        AnswerWriting.WriteRawOrNull(writer, "logprobs", choice.LogProbabilities);
        if (choice.Finish is { } finish)
        {
            writer.WriteString("finish_reason", FinishReasons.Name(finish.Reason));
            ExtraMembers.Parse(finish.Extensions).Write(writer, "index", "message", "logprobs", "finish_reason");
        }
        else
        {
            writer.WriteNull("finish_reason");
        }

        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, Message message)
    {
        var calls = message.Parts.Where(part => part.ContentCase == Part.ContentOneofCase.ToolCall).ToList();
        var refusal = Join(message, Part.ContentOneofCase.Refusal, part => part.Refusal.Text);
        var text = Join(message, Part.ContentOneofCase.Text, part => part.Text.Text_);
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        writer.WriteString("content", text ?? (calls.Count > 0 || refusal is not null ? null : ""));
        if (Join(message, Part.ContentOneofCase.Reasoning, part => part.Reasoning.Text) is { } reasoning)
            writer.WriteString("reasoning_content", reasoning);
        writer.WriteString("refusal", refusal);
        if (calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            foreach (var part in calls)
                WriteToolCall(writer, part);
            writer.WriteEndArray();
        }

        ExtraMembers.Parse(message.Extensions).Write(writer, "role", "content", "reasoning_content", "refusal", "tool_calls");
        writer.WriteEndObject();
    }

    private static void WriteToolCall(Utf8JsonWriter writer, Part part)
    {
        var call = part.ToolCall;
        var kind = call.Kind.Length == 0 ? "function" : call.Kind;
        var extra = ExtraMembers.Parse(part.Extensions);
        writer.WriteStartObject();
        writer.WriteString("id", call.Id);
        writer.WriteString("type", kind);
        writer.WriteStartObject(kind);
        writer.WriteString("name", call.Name);
        writer.WriteString(kind == "function" ? "arguments" : "input", call.Arguments);
        extra.Nested(kind).Write(writer, "name", "arguments", "input");
        writer.WriteEndObject();
        extra.Write(writer, "id", "type", "index", kind);
        writer.WriteEndObject();
    }

    private static string? Join(Message message, Part.ContentOneofCase content, Func<Part, string> text)
    {
        var parts = message.Parts.Where(part => part.ContentCase == content).ToList();
        return parts.Count == 0 ? null : string.Concat(parts.Select(text));
    }
}
