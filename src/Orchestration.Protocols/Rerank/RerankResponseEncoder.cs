using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Rerank;

/// <summary>Encodes ranks for a client of <c>/v1/rerank</c>.</summary>
public static class RerankResponseEncoder
{
    /// <summary>Writes the answer; the texts only when they were asked for.</summary>
    public static void Write(IBufferWriter<byte> output, RerankResponse response, OrchestrationFacts facts, string model, bool documents)
    {
        using var writer = new Utf8JsonWriter(output, JsonWriting.Options);
        writer.WriteStartObject();
        writer.WriteString("id", facts.RequestId);
        writer.WriteString("model", model);
        writer.WriteStartArray("results");
        foreach (var rank in response.Results)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", rank.Index);
            writer.WriteNumber("relevance_score", rank.Relevance);
            if (documents)
            {
                writer.WriteStartObject("document");
                writer.WriteString("text", rank.Document);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteUsage(writer, response.Usage ?? new Usage());
        AnswerWriting.WriteFacts(writer, facts);
        writer.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter writer, Usage usage)
    {
        var tokens = usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens;
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", tokens);
        writer.WriteNumber("total_tokens", tokens);
        if (usage.SearchUnits > 0)
            writer.WriteNumber("search_units", usage.SearchUnits);
        writer.WriteEndObject();
    }
}
