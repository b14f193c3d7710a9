using System.Text;
using System.Text.Json;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Chat;

/// <summary>Log probabilities: always the same, certain one.</summary>
internal static class LogprobsJson
{
    private const double Certain = -0.01;

    public static void Write(Utf8JsonWriter json, TokenizedText text, int from, int count)
    {
        json.WriteStartObject();
        json.WriteStartArray("content"u8);
        for (var i = from; i < from + count; i++)
        {
            json.WriteStartObject();
            json.WriteString("token"u8, text[i]);
            json.WriteNumber("logprob"u8, Certain);
            json.WriteStartArray("bytes"u8);
            foreach (var value in Encoding.UTF8.GetBytes(text[i].ToString()))
                json.WriteNumberValue(value);
            json.WriteEndArray();
            json.WriteStartArray("top_logprobs"u8);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }
}
