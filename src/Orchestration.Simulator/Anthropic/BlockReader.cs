using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Anthropic;

/// <summary>Reads content blocks into the conversation and refuses blocks that the API refuses.</summary>
internal sealed partial class BlockReader(Vendor vendor, ConversationBuilder prompt)
{
    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongLife = TimeSpan.FromHours(1);

    private readonly StringBuilder _text = new();
    private bool _marked;
    private bool _long;
    private bool _tool;
    private int _images;

    /// <summary>What lies in front of the last cache mark.</summary>
    public CacheMark? Mark { get; private set; }

    public void ReadSystem(JsonElement system)
    {
        if (system.ValueKind == JsonValueKind.String)
        {
            _text.Append(system.GetString());
        }
        else if (system.ValueKind == JsonValueKind.Array)
        {
            var position = 0;
            foreach (var block in system.EnumerateArray())
                ReadBlock(block, $"system.{position++}");
        }
        if (_text.Length > 0 && string.IsNullOrWhiteSpace(_text.ToString()))
            throw new WireRefusalException("system: text content blocks must contain non-whitespace text");
        Flush("system");
    }

    public void Read(JsonElement message, int position)
    {
        var role = message.Text("role") ?? "";
        var content = message.Member("content") ?? default;
        if (content.ValueKind == JsonValueKind.String)
            _text.Append(content.GetString());
        else if (content.ValueKind == JsonValueKind.Array)
            ReadBlocks(content, position);
        var empty = content.ValueKind == JsonValueKind.Array ? content.GetArrayLength() == 0 : string.IsNullOrWhiteSpace(_text.ToString());
        if (empty && role == "user")
            throw new WireRefusalException($"messages.{position}: user messages must have non-empty content");
        Flush(_tool ? "tool" : role);
    }

    public void MarkIf(bool marked)
    {
        if (marked)
            Mark = new CacheMark(prompt.Hash, prompt.Tokens, _long ? LongLife : ShortLife);
    }

    private void ReadBlocks(JsonElement content, int position)
    {
        var block = 0;
        foreach (var item in content.EnumerateArray())
            ReadBlock(item, $"messages.{position}.content.{block++}");
    }

    private void ReadBlock(JsonElement block, string place)
    {
        if (block.Member("cache_control") is { } control)
        {
            _marked = true;
            _long = control.Text("ttl") == "1h";
        }
        switch (block.Text("type"))
        {
            case "text": ReadText(block, place); break;
            case "image" or "document": ReadSource(block, place); break;
            case "tool_use": ReadCall(block, place); break;
            case "tool_result": ReadResult(block, place); break;
            case "thinking": ReadThinking(block, place); break;
            case "redacted_thinking" when block.Text("data") is null: throw new WireRefusalException($"{place}.redacted_thinking.data: Field required");
            case "redacted_thinking" or "server_tool_use" or "web_search_tool_result": break;
            case null: throw new WireRefusalException($"{place}.type: Field required");
            case var type: throw new WireRefusalException($"{place}: Input tag '{type}' found using 'type' does not match any of the expected tags");
        }
    }

    private void ReadText(JsonElement block, string place)
    {
        if (block.Text("text") is not { } text)
            throw new WireRefusalException($"{place}.text.text: Field required");
        if (text.Length == 0)
            throw new WireRefusalException("messages: text content blocks must be non-empty");
        _text.Append(text);
    }

    private void ReadSource(JsonElement block, string place)
    {
        var source = block.Member("source") ?? throw new WireRefusalException($"{place}.{block.Text("type")}.source: Field required");
        if (source.Text("type") == "base64" && (source.Text("media_type") is null || source.Text("data") is null))
            throw new WireRefusalException($"{place}.{block.Text("type")}.source.base64.data: Field required");
        if (block.Text("type") == "image" && source.Text("media_type") is not (null or "image/jpeg" or "image/png" or "image/gif" or "image/webp"))
            throw new WireRefusalException($"{place}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'");
        _images++;
        _text.Append("[image]");
    }

    private void ReadCall(JsonElement block, string place)
    {
        if (block.Text("id") is not { } id || !CallId().IsMatch(id))
            throw new WireRefusalException($"{place}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
        if (block.Member("input") is not { ValueKind: JsonValueKind.Object } input)
            throw new WireRefusalException($"{place}.tool_use.input: Input should be a valid dictionary");
        prompt.AddRaw(input);
    }

    private void ReadResult(JsonElement block, string place)
    {
        _tool = true;
        var content = block.Member("content") ?? default;
        if (content.ValueKind == JsonValueKind.String)
            _text.Append(content.GetString());
        else if (content.ValueKind == JsonValueKind.Array)
            foreach (var part in content.EnumerateArray())
            {
                if (part.Text("type") is "image")
                    ReadSource(part, place);
                else
                    _text.Append(part.Text("text"));
            }
    }

    private static bool Fits(Vendor vendor, JsonElement block, string signature) =>
        ReasoningSeal.IsGenuine(vendor.Id, signature)
        && (block.Text("thinking") is null or "" || signature == ReasoningSeal.Of(vendor.Id, block.Text("thinking")!));

    private void ReadThinking(JsonElement block, string place)
    {
        if (block.Text("signature") is not { } signature)
            throw new WireRefusalException($"{place}.thinking.signature: Field required");
        if (!Fits(vendor, block, signature))
            throw new WireRefusalException($"{place}: Invalid `signature` in `thinking` block");
    }

    private void Flush(string role)
    {
        prompt.Add(role, _text.ToString(), _images);
        MarkIf(_marked);
        _text.Clear();
        _images = 0;
        _marked = _tool = false;
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex CallId();
}
