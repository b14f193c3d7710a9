using System.Text;
using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>Turns <c>logprobsResult</c> into the form that clients of OpenAI's protocol know.</summary>
internal static class GeminiLogProbabilities
{
    /// <summary>The JSON text of an object with "content"; empty when there are no tokens.</summary>
    public static string Convert(JsonElement result)
    {
        var chosen = result.ItemsOf("chosenCandidates").ToList();
        if (chosen.Count == 0)
            return "";

        var alternatives = result.ItemsOf("topCandidates").ToList();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonWriting.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("content");
            for (var i = 0; i < chosen.Count; i++)
            {
                writer.WriteStartObject();
                WriteToken(writer, chosen[i]);
                writer.WriteStartArray("top_logprobs");
                foreach (var other in i < alternatives.Count ? alternatives[i].ItemsOf("candidates") : [])
                {
                    writer.WriteStartObject();
                    WriteToken(writer, other);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteToken(Utf8JsonWriter writer, JsonElement token)
    {
        writer.WriteString("token", token.TextOf("token"));
        writer.WritePropertyName("logprob");
        if (token.TryGet("logProbability", out var value) && value.ValueKind == JsonValueKind.Number)
            writer.WriteRawValue(value.GetRawText());
        else
            writer.WriteNumberValue(0);
        writer.WriteNull("bytes");
    }
}
