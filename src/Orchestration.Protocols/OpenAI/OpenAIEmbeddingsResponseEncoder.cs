using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes embeddings for an OpenAI client.</summary>
public static class OpenAIEmbeddingsResponseEncoder
{
    /// <summary>Writes the list object; vectors as numbers or as base64 of little-endian floats.</summary>
    public static void Write(IBufferWriter<byte> output, EmbeddingsResponse response, OrchestrationFacts facts, string model, bool base64)
    {
        using var writer = new Utf8JsonWriter(output, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        for (var i = 0; i < response.Embeddings.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("object", "embedding");
            writer.WriteNumber("index", i);
            WriteVector(writer, response.Embeddings[i].Values, base64);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("model", model);
        WriteUsage(writer, response);
        AnswerWriting.WriteFacts(writer, facts);
        writer.WriteEndObject();
    }

    private static void WriteVector(Utf8JsonWriter writer, RepeatedField<float> values, bool base64)
    {
        if (!base64)
        {
            writer.WriteStartArray("embedding");
            foreach (var value in values)
                writer.WriteNumberValue(value);
            writer.WriteEndArray();
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(values.Count * sizeof(float));
        for (var i = 0; i < values.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        writer.WriteBase64String("embedding", bytes.AsSpan(0, values.Count * sizeof(float)));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static void WriteUsage(Utf8JsonWriter writer, EmbeddingsResponse response)
    {
        var tokens = response.Usage is { } usage ? usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens : 0;
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", tokens);
        writer.WriteNumber("total_tokens", tokens);
        writer.WriteEndObject();
    }
}
