using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Gemini;

/// <summary>Reads a generateContent request and refuses what the API refuses.</summary>
internal static class GeminiRequestReader
{
    private const int MostCandidates = 8;
    private const int MostStops = 5;

    public static Asked<GeminiRequest> Read(JsonElement root, Vendor vendor, string model, bool stream, bool events)
    {
        GeminiSchema.CheckMembers(root);
        var signs = vendor.Find(FaultNames.Split(model).Model)?.Signs ?? false;
        var config = root.Member("generationConfig") ?? default;
        var thinking = config.Member("thinkingConfig") ?? default;
        var chat = new ChatRequest
        {
            Model = model,
            Stream = stream,
            Choices = ReadCandidates(config),
            MaxTokens = ReadLimit(config),
            Stop = ReadStops(config),
            Thinking = ReadThinking(thinking, model),
            Format = ReadFormat(config, root, signs, out var schema),
            Schema = schema,
            Conversation = Converse(root, vendor, signs),
            Tools = ReadTools(root),
        };
        return new(model, stream, new GeminiRequest(chat, thinking.Flag("includeThoughts") ?? false, signs, events));
    }

    public static Conversation Converse(JsonElement root, Vendor vendor, bool signs)
    {
        if (root.Member("contents") is not { ValueKind: JsonValueKind.Array } contents || contents.GetArrayLength() == 0)
            throw new WireRefusalException("* GenerateContentRequest.contents: contents is not specified\n");
        ContentOrder.Check(contents, signs, vendor.Id);
        var prompt = new ConversationBuilder(vendor.Tokens);
        prompt.AddRaw(root.Member("tools"));
        if (root.Member("systemInstruction") is { } system)
            PartReader.Read(prompt, system, "systemInstruction", "system");
        var position = 0;
        foreach (var content in contents.EnumerateArray())
            PartReader.Read(prompt, content, $"contents[{position++}]", content.Text("role") == "model" ? "assistant" : "user");
        return prompt.Build();
    }

    private static int ReadCandidates(JsonElement config) => config.Number("candidateCount") switch
    {
        null => 1,
        < 1 or > MostCandidates => throw new WireRefusalException("* GenerateContentRequest.generation_config.candidate_count: candidate_count must be between 1 and 8.\n"),
        { } count => count,
    };

    private static int? ReadLimit(JsonElement config) => config.Number("maxOutputTokens") is < 1
        ? throw new WireRefusalException("Unable to submit request because it has a maxOutputTokens value of 0 but the supported range is from 1 (inclusive).")
        : config.Number("maxOutputTokens");

    private static List<string> ReadStops(JsonElement config)
    {
        if (config.Member("stopSequences") is not { ValueKind: JsonValueKind.Array } stops)
            return [];
        return stops.GetArrayLength() > MostStops
            ? throw new WireRefusalException("* GenerateContentRequest.generation_config.stop_sequences: the maximum number of stop sequences is 5.\n")
            : [.. stops.EnumerateArray().Select(stop => stop.GetString() ?? "")];
    }

    /// <summary>The 2.5 family has a budget, the 3 family a level.</summary>
    private static bool? ReadThinking(JsonElement thinking, string model)
    {
        var budget = thinking.Number("thinkingBudget");
        var level = thinking.Text("thinkingLevel");
        if (budget is not null && level is not null)
            throw new WireRefusalException("You can only set only one of thinking budget and thinking level.");
        if (level is not null && model.StartsWith("gemini-2", StringComparison.Ordinal))
            throw new WireRefusalException("Thinking level is not supported for this model.");
        if (budget is 0 && model.Contains("pro", StringComparison.Ordinal))
            throw new WireRefusalException("Budget 0 is invalid. This model only works in thinking mode.");
        return budget is 0 ? false : null;
    }

    private static AnswerFormat ReadFormat(JsonElement config, JsonElement root, bool withTools, out JsonElement schema)
    {
        schema = config.Member("responseJsonSchema") ?? config.Member("responseSchema") ?? default;
        var isJson = config.Text("responseMimeType") == "application/json";
        if (schema.ValueKind == JsonValueKind.Object && !isJson)
            throw new WireRefusalException("* GenerateContentRequest.generation_config.response_schema: only allowed when response_mime_type is \"application/json\"\n");
        if (isJson && !withTools && root.Member("tools") is not null)
            throw new WireRefusalException("Function calling with a response mime type: 'application/json' is unsupported");
        return !isJson ? AnswerFormat.Text : schema.ValueKind == JsonValueKind.Object ? AnswerFormat.JsonSchema : AnswerFormat.JsonObject;
    }

    private static ToolOffer ReadTools(JsonElement root)
    {
        var tools = new List<OfferedTool>();
        foreach (var declaration in GeminiSchema.Declarations(root))
            tools.Add(new OfferedTool(declaration.Text("name") ?? "", declaration.Member("parametersJsonSchema") ?? declaration.Member("parameters") ?? default));
        if (tools.Count == 0)
            return ToolOffer.None;
        var config = root.Member("toolConfig")?.Member("functionCallingConfig") ?? default;
        var mode = config.Text("mode");
        var allowed = config.Member("allowedFunctionNames") is { ValueKind: JsonValueKind.Array } names
            ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        if (allowed.Count > 0 && mode is not ("ANY" or "VALIDATED"))
            throw new WireRefusalException("Function calling config allowed_function_names can only be set when the mode is ANY or VALIDATED.");
        if (allowed.Count > 0)
            tools = [.. tools.Where(tool => allowed.Contains(tool.Name))];
        return new ToolOffer(tools, mode == "ANY" ? "" : null, mode != "NONE", true);
    }
}
