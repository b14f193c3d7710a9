using System.Text.Json;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>What an answer rests on, as JSON.</summary>
internal static class GroundedWriter
{
    /// <summary>Writes the member <c>grounding</c> of the <c>orchestration</c> object.</summary>
    public static void Write(Utf8JsonWriter writer, Grounded grounded)
    {
        writer.WriteStartObject("grounding"u8);
        WriteMembers(writer, grounded);
        writer.WriteEndObject();
    }

    /// <summary>Writes its members into an object that the caller has begun.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, Grounded grounded)
    {
        writer.WriteString("collection"u8, grounded.Collection);
        writer.WriteString("question"u8, grounded.Question);
        writer.WriteBoolean("found"u8, grounded.Found);
        WriteSources(writer, grounded.Sources);
        WriteCitations(writer, grounded);
    }

    /// <summary>Writes the member <c>sources</c>.</summary>
    public static void WriteSources(Utf8JsonWriter writer, IEnumerable<Source> sources)
    {
        writer.WriteStartArray("sources"u8);
        foreach (var source in sources)
        {
            writer.WriteStartObject();
            writer.WriteNumber("number"u8, source.Number);
            writer.WriteString("document_id"u8, source.DocumentId);
            writer.WriteString("title"u8, source.Title);
            writer.WriteNumber("chunk"u8, source.Chunk);
            writer.WriteNumber("start_offset"u8, source.StartOffset);
            writer.WriteNumber("end_offset"u8, source.EndOffset);
            writer.WriteString("text"u8, source.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the members <c>citations</c> and <c>unknown_citations</c>.</summary>
    public static void WriteCitations(Utf8JsonWriter writer, Grounded grounded)
    {
        var sources = grounded.Sources.ToDictionary(source => source.Number);
        writer.WriteStartArray("citations"u8);
        foreach (var citation in grounded.Citations)
        {
            writer.WriteStartObject();
            writer.WriteNumber("number"u8, citation.Number);
            if (sources.TryGetValue(citation.Number, out var source))
                writer.WriteString("document_id"u8, source.DocumentId);
            writer.WriteNumber("statement_start"u8, citation.StatementStart);
            writer.WriteNumber("statement_end"u8, citation.StatementEnd);
            writer.WriteNumber("support"u8, Math.Round(citation.Support, 3));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("unknown_citations"u8);
        foreach (var number in grounded.UnknownCitations)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
