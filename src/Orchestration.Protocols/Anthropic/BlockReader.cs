using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;
using Content = Orchestration.Contracts.Chat.V1.Part.ContentOneofCase;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Makes the parts of one message blocks.</summary>
internal sealed class BlockReader(EncodingContext context)
{
    private readonly ThinkingReplay _thinking = new(context);

    /// <summary>The blocks of a message in order; without empty texts.</summary>
    public List<Block> Read(Message message, int index)
    {
        var path = $"messages[{index}]";
        if (message.Name.Length > 0 && message.Role is Role.User or Role.Assistant)
            context.Dropped(path + ".name", "The provider knows no names of participants.");

        var blocks = new List<Block>();
        var replayed = message.Role == Role.Assistant ? _thinking.FromExtensions(message, path) : null;
        blocks.AddRange(replayed ?? []);
        foreach (var part in message.Parts)
        {
            if (part.ContentCase == Content.Reasoning && replayed is not null)
                continue;
            if (Read(part, message, path) is { } block)
                blocks.Add(block with { Extensions = part.Extensions });
        }

        if (blocks.Count > 0 && message.Role != Role.Assistant && CacheControl(message.Extensions) is { } mark)
            blocks[^1] = blocks[^1] with { CacheControl = mark };
        return blocks;
    }

    private Block? Read(Part part, Message message, string path)
    {
        switch (part.ContentCase)
        {
            case Content.Text:
                return Text(part.Text.Text_);
            case Content.Refusal:
                return Text(part.Refusal.Text);
            case Content.Image:
                return MediaConversion.Convert(part.Image, context, path);
            case Content.File:
                return MediaConversion.Convert(part.File, context, path);
            case Content.Audio:
                context.Refuse(path, "The provider takes no audio.");
                return null;
            case Content.ToolCall when message.Role == Role.Assistant:
                return Call(part.ToolCall, path);
            case Content.ToolResult when message.Role != Role.Assistant:
                return Result(part.ToolResult, message.PlainContent, path);
            case Content.Reasoning when message.Role == Role.Assistant:
                return _thinking.FromPart(part.Reasoning, path);
            case Content.None when context.SameProtocol && part.Extensions.Length > 0:
                return new Block.Raw(part.Extensions);
            default:
                context.Dropped(path, "A part of a kind that the provider does not take was left out.");
                return null;
        }
    }

    private static Block.Text? Text(string text) => text.Length > 0 ? new Block.Text(text) : null;

    private Block.ToolUse Call(ToolCall call, string path)
    {
        var input = call.Arguments.Trim();
        if (input is "" or "null")
            input = "{}";
        else if (!IsObject(input))
            input = Keep(call.Arguments, path);
        return new Block.ToolUse(AnthropicIdentifiers.Clean(call.Id), AnthropicIdentifiers.Clean(call.Name), input);
    }

    private Block.ToolResult Result(ToolResult result, bool plain, string path)
    {
        var content = new List<Block>();
        foreach (var part in result.Parts)
        {
            var block = part.ContentCase switch
            {
                Content.Text => new Block.Text(part.Text.Text_),
                Content.Image => MediaConversion.Convert(part.Image, context, path),
                Content.File => MediaConversion.Convert(part.File, context, path),
                Content.None when context.SameProtocol && part.Extensions.Length > 0 => new Block.Raw(part.Extensions),
                _ => null,
            };
            if (block is null)
                context.Refuse(path, "A tool's result may hold text, images and documents only.");
            else
                content.Add(block with { Extensions = part.Extensions });
        }

        var isPlain = content.All(block => block is Block.Text { Extensions: "" }) && (plain || content.Count == 0);
        return new Block.ToolResult(AnthropicIdentifiers.Clean(result.ToolCallId), content, result.IsError, isPlain);
    }

    // A call is never dropped: its result would be an orphan, which the provider refuses.
    private string Keep(string arguments, string path)
    {
        context.Changed(path, "Arguments that are no JSON object were sent as the member '_raw'.");
        return "{\"_raw\":" + JsonSerializer.Serialize(arguments) + "}";
    }

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, JsonDocuments.Options);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? CacheControl(string extensions) =>
        ExtraMembers.Parse(extensions).TryGet("cache_control", out var mark) ? mark.GetRawText() : null;
}
