using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Anthropic;

/// <summary>What the Messages API refuses outside the messages themselves.</summary>
internal static partial class AnthropicRules
{
    private const int LeastBudget = 1024;

    public static void Check(JsonElement root, int maxTokens, ModelRecord? model)
    {
        var rejects = model?.Rejects ?? [];
        CheckSampling(root, rejects);
        CheckThinking(root, maxTokens, rejects);
        CheckTools(root);
        var messages = root.Member("messages") ?? default;
        if (messages[messages.GetArrayLength() - 1].Text("role") == "assistant" && rejects.Contains("prefill"))
            throw new WireRefusalException("This model does not support assistant message prefill. The conversation must end with a user message.");
    }

    private static void CheckSampling(JsonElement root, IReadOnlyList<string> rejects)
    {
        var temperature = root.Member("temperature") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : (double?)null;
        if (temperature is < 0 or > 1)
            throw new WireRefusalException("temperature: range: 0..1");
        if (temperature is not null && root.Member("top_p") is not null)
            throw new WireRefusalException("`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
        if (!rejects.Contains("sampling"))
            return;
        foreach (var name in new[] { "temperature", "top_p", "top_k" })
        {
            if (root.Member(name) is { } value && !(name == "temperature" && value.GetDouble() is 1))
                throw new WireRefusalException($"`{name}` may not be set for this model.");
        }
    }

    private static void CheckThinking(JsonElement root, int maxTokens, IReadOnlyList<string> rejects)
    {
        var thinking = root.Member("thinking") ?? default;
        var type = thinking.Text("type");
        if (type is null or "disabled")
            return;
        if (type == "enabled")
        {
            if (rejects.Contains("budget"))
                throw new WireRefusalException("thinking.type: \"enabled\" is not supported for this model. Use \"adaptive\".");
            if (thinking.Number("budget_tokens") is not { } budget)
                throw new WireRefusalException("thinking.enabled.budget_tokens: Field required");
            if (budget < LeastBudget)
                throw new WireRefusalException($"thinking.enabled.budget_tokens: Input should be greater than or equal to {LeastBudget}");
            if (budget >= maxTokens)
                throw new WireRefusalException("`max_tokens` must be greater than `thinking.budget_tokens`.");
        }
        if (root.Member("temperature") is { ValueKind: JsonValueKind.Number } temperature && temperature.GetDouble() is not 1)
            throw new WireRefusalException("`temperature` may only be set to 1 when thinking is enabled.");
        if (root.Member("tool_choice")?.Text("type") is "any" or "tool")
            throw new WireRefusalException("Thinking may not be enabled when tool_choice forces tool use.");
    }

    private static void CheckTools(JsonElement root)
    {
        if (root.Member("tools") is not { ValueKind: JsonValueKind.Array } tools)
            return;
        var position = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.Text("type") is null or "custom")
                CheckTool(tool, position);
            position++;
        }
    }

    private static void CheckTool(JsonElement tool, int position)
    {
        if (tool.Text("name") is not { } name)
            throw new WireRefusalException($"tools.{position}.custom.name: Field required");
        if (!ToolName().IsMatch(name))
            throw new WireRefusalException($"tools.{position}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
        if (tool.Member("input_schema") is not { ValueKind: JsonValueKind.Object } schema)
            throw new WireRefusalException($"tools.{position}.custom.input_schema: Field required");
        if (schema.Text("type") != "object")
            throw new WireRefusalException($"tools.{position}.custom.input_schema.type: Input should be 'object'");
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$")]
    private static partial Regex ToolName();
}
