using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Anthropic;

/// <summary>Reads a Messages request and refuses what the API refuses.</summary>
internal static class AnthropicRequestReader
{
    public static Asked<AnthropicRequest> Read(JsonElement root, Vendor vendor)
    {
        var model = root.Text("model") is { Length: > 0 } name ? name : throw new WireRefusalException("model: Field required");
        if (root.Number("max_tokens") is not { } limit)
            throw new WireRefusalException("max_tokens: Field required");
        if (limit < 1)
            throw new WireRefusalException("max_tokens: Input should be greater than or equal to 1");
        var conversation = Converse(root, vendor, out var mark);
        AnthropicRules.Check(root, limit, vendor.Find(Faults.FaultNames.Split(model).Model));
        var stream = root.Flag("stream") ?? false;
        var schema = root.Member("output_config")?.Member("format")?.Member("schema") ?? root.Member("output_format")?.Member("schema");
        var chat = new ChatRequest
        {
            Model = model,
            Stream = stream,
            MaxTokens = limit,
            Stop = ReadStops(root),
            Thinking = ReadThinking(root, vendor),
            Format = schema is null ? AnswerFormat.Text : AnswerFormat.JsonSchema,
            Schema = schema ?? default,
            Conversation = conversation,
            Tools = ReadTools(root),
        };
        return new(model, stream, new AnthropicRequest(chat, root.Member("thinking")?.Text("display") != "omitted", mark));
    }

    /// <summary>A request to count tokens has no limit.</summary>
    public static Asked<Conversation> ReadForCount(JsonElement root, Vendor vendor) =>
        new(root.Text("model") ?? throw new WireRefusalException("model: Field required"), false, Converse(root, vendor, out _));

    /// <summary>Without the member Anthropic's own models do not think; other vendors' models do as they do elsewhere.</summary>
    private static bool? ReadThinking(JsonElement root, Vendor vendor) => root.Member("thinking")?.Text("type") switch
    {
        null => vendor.Id == AnthropicRoutes.Vendor ? false : null,
        var type => type != "disabled",
    };

    private static Conversation Converse(JsonElement root, Vendor vendor, out CacheMark? mark)
    {
        if (root.Member("messages") is not { ValueKind: JsonValueKind.Array } messages)
            throw new WireRefusalException("messages: Field required");
        if (messages.GetArrayLength() == 0)
            throw new WireRefusalException("messages: at least one message is required");
        MessageOrder.Check(messages, root.Member("thinking")?.Text("type") == "enabled");
        var prompt = new ConversationBuilder(vendor.Tokens);
        var blocks = new BlockReader(vendor, prompt);
        prompt.AddRaw(root.Member("tools"));
        if (root.Member("tools") is { ValueKind: JsonValueKind.Array } tools)
            blocks.MarkIf(tools.EnumerateArray().Any(tool => tool.Member("cache_control") is not null));
        if (root.Member("system") is { } system)
            blocks.ReadSystem(system);
        var position = 0;
        foreach (var message in messages.EnumerateArray())
            blocks.Read(message, position++);
        mark = blocks.Mark;
        return prompt.Build();
    }

    private static List<string> ReadStops(JsonElement root) => root.Member("stop_sequences") is { ValueKind: JsonValueKind.Array } stops
        ? [.. stops.EnumerateArray().Select((stop, at) => stop.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(stop.GetString())
            ? throw new WireRefusalException($"stop_sequences.{at}: each stop sequence must contain non-whitespace")
            : stop.GetString()!)]
        : [];

    private static ToolOffer ReadTools(JsonElement root)
    {
        if (root.Member("tools") is not { ValueKind: JsonValueKind.Array } offered)
            return ToolOffer.None;
        // Tools of the server have a type with a date and are never called through the client.
        var tools = offered.EnumerateArray().Where(tool => tool.Text("type") is null or "custom")
            .Select(tool => new OfferedTool(tool.Text("name") ?? "", tool.Member("input_schema") ?? default)).ToList();
        if (tools.Count == 0)
            return ToolOffer.None;
        var choice = root.Member("tool_choice") ?? default;
        var parallel = choice.Flag("disable_parallel_tool_use") != true;
        return choice.Text("type") switch
        {
            "any" => new ToolOffer(tools, "", true, parallel),
            "tool" => new ToolOffer(tools, choice.Text("name") ?? "", true, parallel),
            "none" => new ToolOffer(tools, null, false, parallel),
            _ => new ToolOffer(tools, null, true, parallel),
        };
    }
}
