using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Encodes a complete answer for an Anthropic client. The protocol has one answer, so further choices are not written.</summary>
public static class AnthropicResponseEncoder
{
    /// <summary>Writes a <c>message</c> object; <paramref name="model"/> is the name shown to the client.</summary>
    public static void Write(IBufferWriter<byte> output, ChatCompletion completion, OrchestrationFacts? facts, string model)
    {
        var choice = completion.Choices.FirstOrDefault() ?? new Choice();
        var message = choice.Message ?? new Message();
        var finish = choice.Finish ?? new Finish();
        var hasRefusal = message.Parts.Any(part => part.Refusal is not null);
        using var writer = new Utf8JsonWriter(output, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("id", "msg_" + completion.RequestId);
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteString("model", model);
        writer.WriteStartArray("content");
        foreach (var kept in KeptBlocks.In(message.Extensions))
            ExtraMembers.WriteRaw(writer, kept);
        foreach (var part in message.Parts)
            Write(writer, part, MessageWriting.OriginOf(completion.Response), StopReasons.Details(finish) is not null);
        writer.WriteEndArray();
        StopReasons.Write(writer, finish, hasRefusal);
        MessageWriting.WriteUsage(writer, completion.Usage, completion.Response?.ServiceTier ?? "");
        if (facts is not null)
            AnswerWriting.WriteFacts(writer, facts);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Part part, string origin, bool hasDetails)
    {
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.Text when part.Text.Text_.Length > 0:
                WriteText(writer, part.Text.Text_);
                break;
            // A refusal that came with details is told there.
            case Part.ContentOneofCase.Refusal when part.Refusal.Text.Length > 0 && !hasDetails:
                WriteText(writer, part.Refusal.Text);
                break;
            case Part.ContentOneofCase.Reasoning:
                WriteReasoning(writer, part.Reasoning, part.Reasoning.Origin.Length > 0 ? part.Reasoning.Origin : origin);
                break;
            case Part.ContentOneofCase.ToolCall:
                writer.WriteStartObject();
                MessageWriting.WriteCall(writer, part.ToolCall);
                writer.WritePropertyName("input");
                writer.WriteRawValue(MessageWriting.InputOf(part.ToolCall), skipInputValidation: true);
                writer.WriteEndObject();
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter writer, ReasoningPart reasoning, string origin)
    {
        writer.WriteStartObject();
        if (reasoning.Redacted.Length > 0)
        {
            writer.WriteString("type", "redacted_thinking");
            writer.WriteString("data", SignatureOrigin.Wrap(reasoning.Redacted, origin));
        }
        else
        {
            writer.WriteString("type", "thinking");
            writer.WriteString("thinking", reasoning.Text);
            writer.WriteString("signature", SignatureOrigin.Wrap(reasoning.Signature, origin));
        }

        writer.WriteEndObject();
    }
}
