using System.Collections.Frozen;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Responses;

/// <summary>Reads a Responses request and refuses what the API refuses.</summary>
internal static class ResponsesRequestReader
{
    private const int LeastOutput = 16;

    private static readonly FrozenSet<string> Known =
    [
        "model", "input", "instructions", "max_output_tokens", "max_tool_calls", "reasoning", "text", "store", "previous_response_id", "include",
        "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls", "temperature", "top_p", "top_logprobs", "truncation", "metadata",
        "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier", "background", "conversation", "prompt",
    ];

    public static Asked<ResponsesRequest> Read(JsonElement root, Vendor vendor)
    {
        var model = root.Text("model") is { Length: > 0 } name ? name : throw Missing("model");
        foreach (var member in root.EnumerateObject())
        {
            if (!Known.Contains(member.Name))
                throw new WireRefusalException(new WireProblem($"Unknown parameter: '{member.Name}'.", member.Name, "unknown_parameter"));
        }
        CheckModel(root, vendor.Find(FaultNames.Split(model).Model), vendor);
        var stream = root.Flag("stream") ?? false;
        var reasoning = root.Member("reasoning") ?? default;
        var format = root.Member("text")?.Member("format") ?? default;
        var chat = new ChatRequest
        {
            Model = model,
            Stream = stream,
            Obfuscate = root.Member("stream_options")?.Flag("include_obfuscation") ?? true,
            MaxTokens = ReadLimit(root),
            Thinking = reasoning.Text("effort") is { } effort ? effort != "none" : null,
            Format = format.Text("type") switch
            {
                "json_schema" => AnswerFormat.JsonSchema,
                "json_object" => AnswerFormat.JsonObject,
                _ => AnswerFormat.Text,
            },
            Schema = format.Member("schema") ?? default,
            Conversation = Converse(root, vendor),
            Tools = ReadTools(root),
        };
        var include = root.Member("include") is { ValueKind: JsonValueKind.Array } wanted ? wanted.EnumerateArray().Select(item => item.ToString()) : [];
        return new(model, stream, new ResponsesRequest(
            chat, reasoning.Text("summary") is not (null or "none"), include.Contains("reasoning.encrypted_content"), root.Flag("store") ?? true, root.Clone()));
    }

    private static WireRefusalException Missing(string parameter) =>
        new(new WireProblem($"Missing required parameter: '{parameter}'.", parameter, "missing_required_parameter"));

    private static void CheckModel(JsonElement root, ModelRecord? model, Vendor vendor)
    {
        if (root.Text("previous_response_id") is { } previous)
            throw new WireRefusalException(new WireProblem($"Previous response with id '{previous}' not found.", "previous_response_id", "previous_response_not_found"));
        if (vendor.Id != "openai" || model is not { Reasoning: true })
            return;
        foreach (var parameter in new[] { "temperature", "top_p" })
        {
            if (root.Member(parameter) is { ValueKind: JsonValueKind.Number } number && number.GetDouble() is not 1)
                throw new WireRefusalException(new WireProblem($"Unsupported parameter: '{parameter}' is not supported with this model.", parameter));
        }
    }

    private static int? ReadLimit(JsonElement root) => root.Number("max_output_tokens") is < LeastOutput and var limit
        ? throw new WireRefusalException(new WireProblem(
            $"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {LeastOutput}, but got {limit} instead.", "max_output_tokens", "integer_below_min_value"))
        : root.Number("max_output_tokens");

    private static Conversation Converse(JsonElement root, Vendor vendor)
    {
        var prompt = new ConversationBuilder(vendor.Tokens);
        prompt.AddRaw(root.Member("tools"));
        if (root.Text("instructions") is { } instructions)
            prompt.Add("system", instructions);
        var input = root.Member("input") ?? throw Missing("input");
        if (input.ValueKind == JsonValueKind.String)
            prompt.Add("user", input.GetString() ?? "");
        else if (input.ValueKind == JsonValueKind.Array)
            new InputReader(vendor, prompt, root.Flag("store") ?? true).Read(input);
        else
            throw new WireRefusalException(new WireProblem("Invalid type for 'input': expected one of a string or array of input items.", "input", "invalid_type"));
        return prompt.Build();
    }

    private static ToolOffer ReadTools(JsonElement root)
    {
        if (root.Member("tools") is not { ValueKind: JsonValueKind.Array } offered)
            return ToolOffer.None;
        var tools = new List<OfferedTool>();
        var position = 0;
        foreach (var tool in offered.EnumerateArray())
        {
            if (tool.Text("type") is null)
                throw Missing($"tools[{position}].type");
            if (tool.Text("type") == "function")
                tools.Add(new OfferedTool(tool.Text("name") ?? throw Missing($"tools[{position}].name"), tool.Member("parameters") ?? default));
            position++;
        }
        if (tools.Count == 0)
            return ToolOffer.None;
        var choice = root.Member("tool_choice") ?? default;
        var parallel = root.Flag("parallel_tool_calls") ?? true;
        if (choice.Member("function") is not null)
            throw Missing("tool_choice.name");
        if (choice.Text("type") == "function")
            return new ToolOffer(tools, choice.Text("name") ?? throw Missing("tool_choice.name"), true, parallel);
        var mode = choice.ValueKind == JsonValueKind.String ? choice.GetString() : null;
        return new ToolOffer(tools, mode == "required" ? "" : null, mode != "none", parallel);
    }
}
