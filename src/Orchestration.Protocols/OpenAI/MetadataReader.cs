using System.Text.Json;
using Google.Protobuf.Collections;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads <c>metadata</c>, labels that a client puts on its request.</summary>
internal static class MetadataReader
{
    public static void Read(RequestContext context, JsonElement value, MapField<string, string> metadata)
    {
        if (!context.IsObject(value, "metadata"))
            return;

        context.Enter("metadata");
        foreach (var pair in value.EnumerateObject())
        {
            if (pair.Name.Length > OpenAIRequestLimits.MetadataKeyCharacters)
                context.Fail("", "string_above_max_length", $"Invalid 'metadata': a key is longer than {OpenAIRequestLimits.MetadataKeyCharacters} characters.");
            metadata[pair.Name] = context.Text(pair.Value, pair.Name, OpenAIRequestLimits.MetadataValueCharacters);
        }

        context.Leave();
        if (metadata.Count > OpenAIRequestLimits.MetadataPairs)
            context.Fail("metadata", "object_above_max_properties", $"Invalid 'metadata': at most {OpenAIRequestLimits.MetadataPairs} pairs are allowed.");
    }
}
