using System.Buffers.Binary;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Objects that plain and streamed answers share.</summary>
internal static class AnswerWriting
{
    /// <summary>Counts in OpenAI's overlapping form: cached tokens inside the prompt, reasoning inside the completion.</summary>
    public static void WriteUsage(Utf8JsonWriter writer, Usage? usage)
    {
        if (usage is null)
        {
            writer.WriteNull("usage");
            return;
        }

        var prompt = usage.TotalInput();
        var completion = usage.TotalOutput();
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", prompt);
        writer.WriteNumber("completion_tokens", completion);
        writer.WriteNumber("total_tokens", prompt + completion);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CacheReadTokens);
        writer.WriteNumber("audio_tokens", usage.AudioInputTokens);
        if (usage.CacheWriteTokens + usage.CacheWrite1HTokens > 0)
            writer.WriteNumber("cache_creation_input_tokens", usage.CacheWriteTokens + usage.CacheWrite1HTokens);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        writer.WriteNumber("audio_tokens", usage.AudioOutputTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteFacts(Utf8JsonWriter writer, OrchestrationFacts facts)
    {
        writer.WriteStartObject("orchestration");
        WriteText(writer, "request_id", facts.RequestId);
        WriteText(writer, "provider", facts.Provider);
        WriteText(writer, "model", facts.Model);
        WriteText(writer, "route", facts.Route);
        WriteText(writer, "cache", facts.Cache);
        WriteText(writer, "policy_version", facts.PolicyVersion);
        if (facts.Attempts > 0)
            writer.WriteNumber("attempts", facts.Attempts);
        if (facts.Cost is { } cost)
        {
            writer.WriteStartObject("cost");
            writer.WriteString("amount", cost.Amount);
            writer.WriteString("currency", cost.Currency);
            writer.WriteEndObject();
        }

        WriteText(writer, "settlement", facts.Settlement);
        if (facts.OverheadMs is { } overhead && double.IsFinite(overhead))
            writer.WriteNumber("overhead_ms", Math.Round(overhead, 3));
        writer.WriteBoolean("simulated", facts.Simulated);
        WriteWarnings(writer, facts.Warnings);
        if (facts.Grounded is { } grounded)
            GroundedWriter.Write(writer, grounded);
        writer.WriteEndObject();
    }

    /// <summary>Members that tell which backend answered; left out where the provider gave none.</summary>
    public static void WriteBackend(Utf8JsonWriter writer, ResponseStarted? response)
    {
        if (response is null)
            return;
        WriteText(writer, "service_tier", response.ServiceTier);
        WriteText(writer, "system_fingerprint", response.SystemFingerprint);
    }

    /// <summary>The time inside a UUIDv7, in Unix seconds; 0 for any other id.</summary>
    public static long SecondsOf(string requestId) =>
        Guid.TryParse(requestId, out var id) && id.Version == 7
            ? (long)(BinaryPrimitives.ReadUInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16) / 1_000
            : 0;

    public static void WriteRawOrNull(Utf8JsonWriter writer, string name, string json)
    {
        if (json.Length == 0)
            writer.WriteNull(name);
        else
            JsonWriting.WriteJson(writer, name, json);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
            writer.WriteString(name, value);
    }

    private static void WriteWarnings(Utf8JsonWriter writer, IReadOnlyList<Warning> warnings)
    {
        if (warnings.Count == 0)
            return;

        writer.WriteStartArray("warnings");
        foreach (var warning in warnings)
        {
            writer.WriteStartObject();
            writer.WriteString("code", warning.Code);
            WriteText(writer, "param", warning.Param);
            writer.WriteString("message", warning.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
