using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Applies a vendor's rules to the members of a request, all but the conversation.</summary>
internal sealed class ParameterRules(JsonObject members, List<Warning> warnings, bool thinking, bool streaming)
{
    private const string ToolChoice = "tool_choice";
    private const string WithoutTools = "without_tools";

    public void Apply(IReadOnlyList<ParameterRule> rules)
    {
        foreach (var rule in rules)
        {
            if (Holds(rule.When))
                Apply(rule);
        }
    }

    private bool Holds(ParameterCondition condition) => condition switch
    {
        ParameterCondition.Thinking => thinking,
        ParameterCondition.NotThinking => !thinking,
        ParameterCondition.Streaming => streaming,
        ParameterCondition.Plain => !streaming,
        ParameterCondition.Tools => members.ContainsKey("tools"),
        _ => true,
    };

    private void Apply(ParameterRule rule)
    {
        var given = members.TryGetPropertyValue(rule.Param, out var value);
        if (rule.Action == ParameterAction.Set && !given)
            members[rule.Param] = NodeOf(rule.Value);
        if (!given)
            return;

        switch (rule.Action)
        {
            case ParameterAction.Drop:
                Drop(rule, value);
                break;
            case ParameterAction.Rename:
                Move(rule.Param, members, rule.To);
                break;
            case ParameterAction.Wrap:
                Wrap(rule);
                break;
            case ParameterAction.Fix:
                Fix(rule, value);
                break;
            case ParameterAction.Limit:
                Limit(rule, value);
                break;
        }
    }

    private void Drop(ParameterRule rule, JsonNode? value)
    {
        members.Remove(rule.Param);
        if (!IsSame(value, NodeOf(rule.Value)))
            Warn("parameter_dropped", rule.Param, $"The provider does not take '{rule.Param}' here.");
    }

    private void Fix(ParameterRule rule, JsonNode? value)
    {
        var only = NodeOf(rule.Value);
        if (IsSame(value, only))
            return;

        members[rule.Param] = only;
        Warn("parameter_changed", rule.Param, $"The model takes only {only?.ToJsonString() ?? "null"} for '{rule.Param}'.");
    }

    private void Move(string name, JsonObject target, string newName)
    {
        var value = members[name];
        members.Remove(name);
        target.TryAdd(newName, value);
    }

    private void Wrap(ParameterRule rule)
    {
        if (members[rule.To] is not JsonObject outer)
            members[rule.To] = outer = [];
        Move(rule.Param, outer, rule.Param);
    }

    private void Limit(ParameterRule rule, JsonNode? value)
    {
        switch (value)
        {
            case JsonArray list:
                LimitList(rule, list);
                break;
            case JsonValue number when number.GetValueKind() == JsonValueKind.Number:
                LimitNumber(rule, number.GetValue<double>());
                break;
            default:
                Translate(rule, value);
                break;
        }
    }

    private void LimitNumber(ParameterRule rule, double number)
    {
        var limited = Math.Min(Math.Max(number, rule.Min ?? number), rule.Max ?? Math.Max(number, rule.Min ?? number));
        if (limited.Equals(number))
            return;

        // A count stays a count: "8192.0" is no integer to some parsers.
        members[rule.Param] = limited == Math.Truncate(limited) ? JsonValue.Create((long)limited) : JsonValue.Create(limited);
        Warn("parameter_clamped", rule.Param, FormattableString.Invariant($"'{rule.Param}' was {number}; the provider takes {limited} at the utmost."));
    }

    private void LimitList(ParameterRule rule, JsonArray list)
    {
        var before = list.Count;
        if (rule.MaxItemBytes is { } bytes)
            list.RemoveAll(item => item is JsonValue text && text.GetValueKind() == JsonValueKind.String && Encoding.UTF8.GetByteCount(text.GetValue<string>()) > bytes);
        if (rule.MaxItems is { } items && list.Count > items)
            list.RemoveRange(items, list.Count - items);
        if (list.Count == before)
            return;
        if (list.Count == 0)
            members.Remove(rule.Param);
        Warn("parameter_clamped", rule.Param, $"{before - list.Count} of {before} items of '{rule.Param}' were left out: the provider takes no more, or none of their length.");
    }

    private void Translate(ParameterRule rule, JsonNode? value)
    {
        var word = value switch
        {
            JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
            JsonObject when rule.Param == ToolChoice => "named",
            _ => "",
        };
        if (word.Length == 0 || !rule.Map.TryGetValue(word, out var other))
            return;

        if (other.Length == 0 || other == WithoutTools)
            members.Remove(rule.Param);
        else
            members[rule.Param] = other;
        if (other == WithoutTools)
            members.Remove("tools");
        // Mistral's "any" is OpenAI's "required": another word for the same is no change.
        if (!(rule.Param == ToolChoice && word == "required" && other == "any"))
            Warn("parameter_changed", rule.Param, other.Length == 0 ? $"'{word}' for '{rule.Param}' was not sent." : $"'{word}' for '{rule.Param}' became '{other}'.");
    }

    private static JsonNode? NodeOf(JsonElement? value) => value is { } element ? JsonNode.Parse(element.GetRawText()) : null;

    private static bool IsSame(JsonNode? left, JsonNode? right)
    {
        if (left is JsonValue a && right is JsonValue b && a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number)
            return a.GetValue<double>().Equals(b.GetValue<double>());
        return left is not null && JsonNode.DeepEquals(left, right);
    }

    private void Warn(string code, string param, string message) =>
        warnings.Add(new Warning { Code = code, Param = param, Message = message });
}
