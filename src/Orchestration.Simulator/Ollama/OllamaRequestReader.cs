using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Ollama;

/// <summary>Reads a chat request; kinds that Go's decoder refuses are refused in its words.</summary>
internal static class OllamaRequestReader
{
    public static Asked<ChatRequest> Read(JsonElement root, Vendor vendor)
    {
        if (root.Text("model") is not { Length: > 0 } model)
            throw new WireRefusalException("model is required");
        var known = vendor.Find(FaultNames.Split(model).Model);
        var thinking = ReadThinking(root);
        if (thinking == true && known is { Reasoning: false })
            throw new WireRefusalException($"\"{model}\" does not support thinking");
        var options = root.Member("options") ?? default;
        var format = root.Member("format") ?? default;
        var stream = root.Flag("stream") ?? true;
        return new(model, stream, new ChatRequest
        {
            Model = model,
            Stream = stream,
            // A negative number means no limit.
            MaxTokens = options.Number("num_predict") is > 0 and var limit ? limit : null,
            Stop = ReadStop(options.Member("stop") ?? default),
            Thinking = thinking,
            Format = format.ValueKind switch
            {
                JsonValueKind.Object => AnswerFormat.JsonSchema,
                JsonValueKind.String when format.GetString() == "json" => AnswerFormat.JsonObject,
                JsonValueKind.Undefined => AnswerFormat.Text,
                _ => throw new WireRefusalException($"invalid format: {format.GetRawText()}; expected \"json\" or a valid JSON Schema object"),
            },
            Schema = format,
            Conversation = Converse(root, vendor),
            // There is no tool_choice here.
            Tools = ToolOfferReader.Read(root) is { Tools.Count: > 0 } offer ? offer with { Forced = null, Allowed = true, Parallel = true } : ToolOffer.None,
        });
    }

    private static bool? ReadThinking(JsonElement root) => root.Member("think") switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } level when level.GetString() is "high" or "medium" or "low" or "max" => true,
        null => null,
        { } other => throw new WireRefusalException($"invalid think value: {other.GetRawText()} (must be \"high\", \"medium\", \"low\", true, or false)"),
    };

    private static string[] ReadStop(JsonElement stop) => stop.ValueKind switch
    {
        JsonValueKind.Undefined => [],
        JsonValueKind.Array => [.. stop.EnumerateArray().Select(item => item.GetString() ?? "")],
        _ => throw new WireRefusalException("option \"stop\" must be of type array"),
    };

    private static Conversation Converse(JsonElement root, Vendor vendor)
    {
        var prompt = new ConversationBuilder(vendor.Tokens);
        prompt.AddRaw(root.Member("tools"));
        if (root.Member("messages") is { ValueKind: JsonValueKind.Array } messages)
            foreach (var message in messages.EnumerateArray())
                Read(prompt, message);
        return prompt.Build();
    }

    private static void Read(ConversationBuilder prompt, JsonElement message)
    {
        var role = message.Text("role") ?? "";
        if (role is not ("system" or "user" or "assistant" or "tool"))
            throw new WireRefusalException($"invalid role: {role}, must be one of [system, user, assistant, tool]");
        if (message.Member("content") is { ValueKind: not JsonValueKind.String } content)
            throw new WireRefusalException($"json: cannot unmarshal {Kind(content)} into Go struct field ChatRequest.messages.content of type string");
        var images = 0;
        if (message.Member("images") is { ValueKind: JsonValueKind.Array } sent)
            foreach (var image in sent.EnumerateArray())
            {
                if (image.GetString() is not { } data || data.Contains(':', StringComparison.Ordinal))
                    throw new WireRefusalException("illegal base64 data at input byte 4");
                images++;
            }
        if (message.Member("tool_calls") is { ValueKind: JsonValueKind.Array } calls)
            ReadCalls(prompt, calls);
        prompt.Add(role, message.Text("content") ?? "", images);
    }

    private static void ReadCalls(ConversationBuilder prompt, JsonElement calls)
    {
        foreach (var call in calls.EnumerateArray())
        {
            if (call.Member("function")?.Member("arguments") is { ValueKind: not JsonValueKind.Object } arguments)
                throw new WireRefusalException($"json: cannot unmarshal {Kind(arguments)} into Go struct field ChatRequest.messages.tool_calls.function.arguments of type api.ToolCallFunctionArguments");
        }
        prompt.AddRaw(calls);
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };
}
