using System.Text.Json;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Models;

/// <summary>A model as OpenAI clients read it, with our own facts beside it.</summary>
internal static class ModelWriter
{
    public static void Write(Utf8JsonWriter writer, ListedModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, model.Id);
        writer.WriteString("object"u8, "model"u8);
        writer.WriteNumber("created"u8, model.CreatedAt?.Seconds ?? 0);
        writer.WriteString("owned_by"u8, model.OwnedBy);
        writer.WriteStartObject("orchestration"u8);
        writer.WriteString("mode"u8, model.Mode);
        writer.WriteBoolean("simulated"u8, model.Simulated);
        if (model.ContextWindow > 0)
            writer.WriteNumber("context_window"u8, model.ContextWindow);
        if (model.MaxOutput > 0)
            writer.WriteNumber("max_output"u8, model.MaxOutput);
        if (model.Capabilities is { } capabilities)
            WriteCapabilities(writer, capabilities);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteCapabilities(Utf8JsonWriter writer, Capabilities capabilities)
    {
        writer.WriteStartObject("capabilities"u8);
        writer.WriteBoolean("tools"u8, capabilities.Tools);
        writer.WriteBoolean("vision"u8, capabilities.Vision);
        writer.WriteBoolean("json_object"u8, capabilities.JsonObject);
        writer.WriteBoolean("json_schema"u8, capabilities.JsonSchema);
        writer.WriteBoolean("reasoning"u8, capabilities.Reasoning);
        writer.WriteBoolean("streaming"u8, capabilities.Streaming);
        writer.WriteEndObject();
    }
}
