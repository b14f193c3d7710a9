using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Writes blocks.</summary>
internal sealed class BlockWriter(Utf8JsonWriter writer, EncodingContext context)
{
    private const int MaxCacheMarks = 4;
    private int _cacheMarks;

    public void WriteAll(string member, IEnumerable<Block> blocks)
    {
        writer.WriteStartArray(member);
        foreach (var block in blocks)
            Write(block);
        writer.WriteEndArray();
    }

    /// <summary>Writes the mark of a cacheable prefix, of which the protocol takes four.</summary>
    public void WriteCacheControl(string json)
    {
        if (json.Length == 0)
            return;
        if (++_cacheMarks <= MaxCacheMarks)
            JsonWriting.WriteJson(writer, "cache_control", json);
        else if (_cacheMarks == MaxCacheMarks + 1)
            context.Dropped("cache_control", $"The provider takes {MaxCacheMarks} marks of cacheable prefixes; the rest was not sent.");
    }

    private void Write(Block block)
    {
        if (block is Block.Raw raw)
        {
            ExtraMembers.WriteUntrusted(writer, raw.Json);
            return;
        }

        writer.WriteStartObject();
        WriteMembers(block);
        var extra = ExtraMembers.Parse(block.Extensions);
        if (context.SameProtocol)
            extra.Write(writer, "type", "text", "source", "title", "id", "name", "input", "tool_use_id", "content", "is_error", "thinking", "signature", "data", "cache_control");
        // A thinking block takes no mark.
        if (block is not (Block.Thinking or Block.Redacted))
            WriteCacheControl(extra.TryGet("cache_control", out var mark) && mark.ValueKind == JsonValueKind.Object ? mark.GetRawText() : block.CacheControl);
        writer.WriteEndObject();
    }

    private void WriteMembers(Block block)
    {
        switch (block)
        {
            case Block.Text text:
                writer.WriteString("type", "text");
                writer.WriteString("text", text.Value);
                break;
            case Block.Media media:
                WriteMedia(media);
                break;
            case Block.ToolUse call:
                writer.WriteString("type", "tool_use");
                writer.WriteString("id", call.Id);
                writer.WriteString("name", call.Name);
                writer.WritePropertyName("input");
                writer.WriteRawValue(call.Input, skipInputValidation: true);
                break;
            case Block.ToolResult result:
                WriteResult(result);
                break;
            case Block.Thinking thinking:
                writer.WriteString("type", "thinking");
                writer.WriteString("thinking", thinking.Value);
                writer.WriteString("signature", thinking.Signature);
                break;
            case Block.Redacted redacted:
                writer.WriteString("type", "redacted_thinking");
                writer.WriteString("data", redacted.Data);
                break;
        }
    }

    private void WriteMedia(Block.Media media)
    {
        writer.WriteString("type", media.Type);
        writer.WriteStartObject("source");
        writer.WriteString("type", media.Source.Type);
        if (media.Source.MediaType.Length > 0)
            writer.WriteString("media_type", media.Source.MediaType);
        writer.WriteString(media.Source.Type switch { "url" => "url", "file" => "file_id", _ => "data" }, media.Source.Value);
        writer.WriteEndObject();
        if (media.Title.Length > 0)
            writer.WriteString("title", media.Title);
    }

    private void WriteResult(Block.ToolResult result)
    {
        writer.WriteString("type", "tool_result");
        writer.WriteString("tool_use_id", result.Id);
        if (result.IsPlain)
            writer.WriteString("content", string.Concat(result.Content.OfType<Block.Text>().Select(text => text.Value)));
        else
            WriteAll("content", result.Content);
        if (result.IsError)
            writer.WriteBoolean("is_error", true);
    }
}
