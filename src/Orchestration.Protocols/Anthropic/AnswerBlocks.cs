using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Makes the blocks of one answer parts.</summary>
internal sealed class AnswerBlocks(AnthropicDecodingOptions options)
{
    private readonly Dictionary<int, BlockState> _blocks = [];
    private readonly HashSet<int> _closed = [];

    public ChoiceParts Parts { get; } = new(0);

    /// <summary>True when a tool call of the caller's tools was seen.</summary>
    public bool HasToolCalls => Parts.HasToolCalls;

    public Failure? Start(int index, JsonElement block, string responseId, List<ChatEvent> events)
    {
        if (index < 0 || block.ValueKind != JsonValueKind.Object || _blocks.ContainsKey(index) || _closed.Contains(index))
            return ProviderFailures.Protocol("The provider's answer holds a block that cannot begin.");

        switch (block.Text("type"))
        {
            case "text":
                _blocks[index] = new BlockState(BlockKind.Text, Parts.Start(PartKind.Text, events));
                AppendText(_blocks[index], block, "text", events);
                foreach (var citation in block.Items("citations"))
                    AppendCitation(_blocks[index], citation, events);
                return null;
            case "thinking":
                _blocks[index] = new BlockState(BlockKind.Thinking, Parts.Start(PartKind.Reasoning, events)) { Signature = block.Text("signature") };
                AppendText(_blocks[index], block, "thinking", events);
                return null;
            case "redacted_thinking":
                AddRedacted(index, block.Text("data"), events);
                return null;
            case "tool_use":
                return StartTool(index, block, responseId, events);
            default:
                _blocks[index] = new BlockState(BlockKind.Kept, Parts.Start(PartKind.Text, events)) { Start = block.Clone() };
                return null;
        }
    }

    public Failure? Append(int index, JsonElement delta, List<ChatEvent> events)
    {
        if (!_blocks.TryGetValue(index, out var block))
            return _closed.Contains(index) ? null : ProviderFailures.Protocol("The provider's answer goes on with a block that never began.");

        switch (delta.Text("type"))
        {
            case "text_delta":
                AppendText(block, delta, "text", events);
                break;
            case "thinking_delta":
                AppendText(block, delta, "thinking", events);
                break;
            case "signature_delta":
                block.Signature += delta.Text("signature");
                break;
            case "input_json_delta":
                AppendInput(block, delta.Text("partial_json", ref block.Pending), events);
                break;
            case "citations_delta" when delta.Member("citation") is { ValueKind: JsonValueKind.Object } citation:
                AppendCitation(block, citation, events);
                break;
        }

        return null;
    }

    public void Stop(int index, List<ChatEvent> events)
    {
        if (!_blocks.Remove(index, out var block))
            return;

        _closed.Add(index);
        switch (block.Kind)
        {
            case BlockKind.ToolUse when !block.HasInput:
                Parts.Append(block.Part, block.FallbackInput.Length > 0 ? block.FallbackInput : "{}", events);
                break;
            case BlockKind.Thinking when block.Signature.Length > 0:
                Parts.Append(block.Part, "", events, block.Signature, extensions: ThinkingBlocks(
                    ("type", "thinking"), ("thinking", block.Text.ToString()), ("signature", block.Signature), ("origin", options.Origin)));
                break;
            case BlockKind.Kept:
                Parts.Append(block.Part, "", events, extensions: $$"""{"{{KeptBlocks.Member}}":[{{block.ToJson()}}]}""");
                break;
        }

        Parts.Stop(block.Part, events);
    }

    /// <summary>Ends blocks whose end the provider did not tell.</summary>
    public void StopAll(List<ChatEvent> events)
    {
        foreach (var index in _blocks.Keys.Order().ToList())
            Stop(index, events);
    }

    private Failure? StartTool(int index, JsonElement block, string responseId, List<ChatEvent> events)
    {
        var name = options.ToolNames.Original(block.Text("name"));
        if (name.Length == 0)
            return ProviderFailures.Protocol("The provider's answer holds a tool call without a name.");

        var input = block.Member("input");
        var fallback = input.HasMembers() ? input.GetRawText() : "";
        var isAnswer = options.SchemaTool && name == AnthropicSchemaTool.Name;
        var id = block.Text("id") is { Length: > 0 } given ? given : AnthropicIdentifiers.Clean($"toolu_{responseId}_{index}");
        var part = isAnswer
            ? Parts.Start(PartKind.Text, events)
            : Parts.Start(PartKind.ToolCall, events, new ToolCall { Id = id, Name = name });
        _blocks[index] = new BlockState(BlockKind.ToolUse, part) { FallbackInput = fallback };
        return null;
    }

    private void AddRedacted(int index, string data, List<ChatEvent> events)
    {
        var part = Parts.Start(PartKind.Reasoning, events);
        Parts.Append(part, "", events, extensions: ThinkingBlocks(("type", "redacted_thinking"), ("data", data), ("origin", options.Origin)));
        Parts.Stop(part, events);
        _closed.Add(index);
    }

    private void AppendText(BlockState block, JsonElement source, string member, List<ChatEvent> events)
    {
        var text = source.Text(member, ref block.Pending);
        if (text.Length == 0)
            return;
        if (block.Kind == BlockKind.Thinking)
            block.Text.Append(text);
        Parts.Append(block.Part, text, events);
    }

    private void AppendInput(BlockState block, string fragment, List<ChatEvent> events)
    {
        if (fragment.Length == 0)
            return;
        block.HasInput = true;
        if (block.Kind == BlockKind.Kept)
            block.Text.Append(fragment);
        else
            Parts.Append(block.Part, fragment, events);
    }

    private void AppendCitation(BlockState block, JsonElement citation, List<ChatEvent> events)
    {
        var bag = new JsonBag();
        if (citation.Text("type") == "web_search_result_location")
        {
            var address = new JsonBag();
            address.Add("url", JsonSerializer.Serialize(citation.Text("url")));
            address.Add("title", JsonSerializer.Serialize(citation.Text("title")));
            bag.Add("annotations", $$"""[{"type":"url_citation","url_citation":{{address}}}]""");
        }
        else
        {
            bag.Add("citations", $"[{citation.GetRawText()}]");
        }

        Parts.Append(block.Part, "", events, extensions: bag.ToString());
    }

    /// <summary>An extensions string with one thinking block of the given members.</summary>
    internal static string ThinkingBlocks(params ReadOnlySpan<(string Name, string Value)> members)
    {
        var block = new JsonBag();
        foreach (var (name, value) in members)
        {
            if (name != "origin" || value.Length > 0)
                block.Add(name, $"\"{JsonEncodedText.Encode(value, JsonWriting.Options.Encoder)}\"");
        }

        return $$"""{"{{ThinkingReplay.Member}}":[{{block}}]}""";
    }
}
