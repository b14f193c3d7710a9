using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;
using File = Orchestration.Contracts.Chat.V1.File;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Reads the content of a message: a string, or a list of blocks.</summary>
internal sealed class RequestBlockReader(RequestContext context)
{
    public IReadOnlyList<Part> ReadContent(JsonElement value, string member, Role role)
    {
        if (value.ValueKind == JsonValueKind.String)
            return [new Part { Text = new Text { Text_ = value.GetString() } }];
        if (value.ValueKind != JsonValueKind.Array)
        {
            context.WrongType(member, "a string or an array of blocks", value);
            return [];
        }

        return [.. context.Objects(value, member, OpenAIRequestLimits.PartsPerMessage).Select(item => Read(item, role))];
    }

    private Part Read(JsonElement block, Role role)
    {
        switch (Required(block, "type", 64))
        {
            case "text":
                return With(new Part { Text = new Text { Text_ = Required(block, "text", mayBeEmpty: true) } }, block, "text");
            case "image":
                return With(ReadMedia(block, isImage: true), block, "source");
            case "document":
                return With(ReadMedia(block, isImage: false), block, "source", "title");
            case "tool_use" when role == Role.Assistant:
                return With(ReadCall(block), block, "id", "name", "input", "signature", IsDirect(block) ? "caller" : "");
            case "tool_result" when role == Role.User:
                return With(ReadResult(block), block, "tool_use_id", "content", "is_error");
            case "thinking" when role == Role.Assistant:
                return With(ReadThinking(block), block, "thinking", "signature");
            case "redacted_thinking" when role == Role.Assistant:
                return With(ReadRedacted(block), block, "data");
            case "tool_use" or "tool_result" or "thinking" or "redacted_thinking":
                context.Fail("type", "invalid_value", $"Invalid '{context.PathTo("type")}': this block cannot stand in a message of this role.");
                return new Part();
            default:
                // A block of a newer kind: kept whole, for this protocol only.
                return new Part { Extensions = block.GetRawText() };
        }
    }

    private static Part With(Part part, JsonElement block, params ReadOnlySpan<string> known)
    {
        // What stands whole in the extensions already has nothing to add.
        if (part.ContentCase == Part.ContentOneofCase.None)
            return part;

        var others = new JsonBag();
        foreach (var member in block.EnumerateObject())
        {
            if (member.Name != "type" && !known.Contains(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
                others.Add(member);
        }

        part.Extensions = others.ToString();
        return part;
    }

    // What every answer says of a plain call; it comes back with the call and says nothing new.
    private static bool IsDirect(JsonElement block) =>
        block.TryGetProperty("caller", out var caller) && caller.ValueKind == JsonValueKind.Object && caller.Text("type") == "direct";

    private Part ReadCall(JsonElement block)
    {
        var call = new ToolCall
        {
            Id = Required(block, "id", OpenAIRequestLimits.NameCharacters),
            Name = Required(block, "name", OpenAIRequestLimits.ToolNameCharacters),
            Signature = Optional(block, "signature"),
        };
        if (!block.TryGetProperty("input", out var input))
            context.Missing("input");
        else if (context.IsObject(input, "input"))
            call.Arguments = input.GetRawText();
        return new Part { ToolCall = call };
    }

    private Part ReadResult(JsonElement block)
    {
        var result = new ToolResult { ToolCallId = Required(block, "tool_use_id", OpenAIRequestLimits.NameCharacters) };
        if (block.TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null)
            result.Parts.AddRange(ReadContent(content, "content", Role.Tool));
        if (block.TryGetProperty("is_error", out var isError) && isError.ValueKind != JsonValueKind.Null)
            result.IsError = context.Flag(isError, "is_error");
        return new Part { ToolResult = result };
    }

    private Part ReadThinking(JsonElement block)
    {
        var (signature, origin) = SignatureOrigin.Unwrap(Optional(block, "signature"));
        return new Part { Reasoning = new ReasoningPart { Text = Required(block, "thinking", mayBeEmpty: true), Signature = signature, Origin = origin } };
    }

    private Part ReadRedacted(JsonElement block)
    {
        var (data, origin) = SignatureOrigin.Unwrap(Required(block, "data"));
        return new Part { Reasoning = new ReasoningPart { Redacted = data, Origin = origin } };
    }

    private Part ReadMedia(JsonElement block, bool isImage)
    {
        if (!block.TryGetProperty("source", out var source))
            context.Missing("source");
        if (source.ValueKind == JsonValueKind.Undefined || !context.IsObject(source, "source"))
            return new Part();

        context.Enter("source");
        var type = Required(source, "type", 32);
        var (url, mediaType, fileId) = ReadSource(source, type);
        context.Leave();
        // A source of another kind, such as blocks inside a document, goes on as it is.
        if (url.Length + fileId.Length == 0)
            return new Part { Extensions = block.GetRawText() };
        if (isImage)
            return url.Length > 0 ? new Part { Image = new Image { Url = url, MediaType = mediaType } } : new Part { Extensions = block.GetRawText() };

        var file = new File { FileName = Optional(block, "title"), MediaType = mediaType };
        if (fileId.Length > 0)
            file.FileId = fileId;
        else
            file.Url = url;
        return new Part { File = file };
    }

    private (string Url, string MediaType, string FileId) ReadSource(JsonElement source, string type)
    {
        switch (type)
        {
            case "url":
                return (Required(source, "url", OpenAIRequestLimits.InlineMediaCharacters), "", "");
            case "file":
                return ("", "", Required(source, "file_id", OpenAIRequestLimits.NameCharacters));
            case "base64":
                var mediaType = Required(source, "media_type", OpenAIRequestLimits.NameCharacters);
                return ($"data:{mediaType};base64,{Required(source, "data", OpenAIRequestLimits.InlineMediaCharacters)}", mediaType, "");
            case "text":
                var text = Required(source, "data", OpenAIRequestLimits.InlineMediaCharacters);
                return ($"data:text/plain;base64,{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))}", "text/plain", "");
            default:
                return ("", "", "");
        }
    }

    private string Required(JsonElement block, string member, int max = int.MaxValue, bool mayBeEmpty = false)
    {
        if (!block.TryGetProperty(member, out var value))
        {
            context.Missing(member);
            return "";
        }

        var text = context.Text(value, member, max);
        if (text.Length == 0 && !mayBeEmpty)
            context.Fail(member, "invalid_value", $"Invalid '{context.PathTo(member)}': must not be empty.");
        return text;
    }

    private string Optional(JsonElement block, string member) =>
        block.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? context.Text(value, member) : "";
}
