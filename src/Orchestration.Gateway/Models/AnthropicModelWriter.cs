using System.Globalization;
using System.Text.Json;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Models;

/// <summary>A model as Anthropic's clients read it, with our own facts beside it.</summary>
internal static class AnthropicModelWriter
{
    public static void Write(Utf8JsonWriter writer, ListedModel model)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "model"u8);
        writer.WriteString("id"u8, model.Id);
        writer.WriteString("display_name"u8, model.Id);
        writer.WriteString("created_at"u8, CreatedAt(model).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        WriteLimit(writer, "max_input_tokens", model.ContextWindow);
        WriteLimit(writer, "max_tokens", model.MaxOutput);
        // What is retired is not listed.
        writer.WriteString("lifecycle"u8, "active"u8);
        writer.WriteNull("line"u8);
        writer.WriteNull("deprecated_at"u8);
        writer.WriteNull("retires_at"u8);
        writer.WriteStartObject("orchestration"u8);
        writer.WriteString("owned_by"u8, model.OwnedBy);
        writer.WriteBoolean("simulated"u8, model.Simulated);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WritePage(Utf8JsonWriter writer, ModelPage page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("data"u8);
        foreach (var model in page.Models)
            Write(writer, model);
        writer.WriteEndArray();
        writer.WriteBoolean("has_more"u8, page.HasMore);
        writer.WriteString("first_id"u8, page.Models is [var first, ..] ? first.Id : null);
        writer.WriteString("last_id"u8, page.Models is [.., var last] ? last.Id : null);
        writer.WriteEndObject();
    }

    // The protocol's word for a date that nobody knows is the epoch.
    private static DateTime CreatedAt(ListedModel model) => model.CreatedAt?.ToDateTime() ?? DateTime.UnixEpoch;

    private static void WriteLimit(Utf8JsonWriter writer, string name, int tokens)
    {
        if (tokens > 0)
            writer.WriteNumber(name, tokens);
        else
            writer.WriteNull(name);
    }
}
