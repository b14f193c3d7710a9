using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Answers;

/// <summary>Encodes a complete answer of a collection.</summary>
public static class AnswerEncoder
{
    /// <summary>Writes an <c>answer</c> object; <paramref name="model"/> is the name shown to the client.</summary>
    public static void Write(IBufferWriter<byte> output, ChatCompletion completion, OrchestrationFacts facts, string model)
    {
        using var writer = new Utf8JsonWriter(output, JsonWriting.Options);
        var choice = completion.Choices[0];
        writer.WriteStartObject();
        writer.WriteString("id"u8, completion.RequestId);
        writer.WriteString("object"u8, "answer"u8);
        writer.WriteString("model"u8, model);
        writer.WriteString("answer"u8, string.Concat(choice.Message.Parts.Select(part => part.Text?.Text_ ?? part.Refusal?.Text)));
        AnswerWriter.WriteEnd(writer, completion.Grounded, choice.Finish, completion.Usage, facts);
        writer.WriteEndObject();
    }
}
