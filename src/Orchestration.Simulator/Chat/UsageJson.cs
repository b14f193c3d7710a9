using System.Text.Json;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat;

/// <summary>The usage object as each vendor writes it.</summary>
internal static class UsageJson
{
    public static void Write(Utf8JsonWriter json, Dialect dialect, Answer answer)
    {
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens"u8, answer.InputTokens);
        json.WriteNumber("completion_tokens"u8, answer.OutputTokens);
        json.WriteNumber("total_tokens"u8, answer.InputTokens + answer.OutputTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, answer.CachedTokens);
        if (dialect == Dialect.OpenAI)
            json.WriteNumber("audio_tokens"u8, 0);
        json.WriteEndObject();
        if (dialect == Dialect.OpenAI || answer.ReasoningTokens > 0)
            WriteCompletionDetails(json, dialect, answer);
        if (dialect == Dialect.DeepSeek)
        {
            json.WriteNumber("prompt_cache_hit_tokens"u8, answer.CachedTokens);
            json.WriteNumber("prompt_cache_miss_tokens"u8, answer.InputTokens - answer.CachedTokens);
        }
        json.WriteEndObject();
    }

    private static void WriteCompletionDetails(Utf8JsonWriter json, Dialect dialect, Answer answer)
    {
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, answer.ReasoningTokens);
        if (dialect == Dialect.OpenAI)
        {
            json.WriteNumber("audio_tokens"u8, 0);
            json.WriteNumber("accepted_prediction_tokens"u8, 0);
            json.WriteNumber("rejected_prediction_tokens"u8, 0);
        }
        json.WriteEndObject();
    }
}
