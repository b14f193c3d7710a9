using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat.Rules;

/// <summary>Checks a request against what its vendor refuses.</summary>
internal static class RequestRules
{
    private static readonly ConcurrentDictionary<(VendorWire, string), RequestRule[]> Held = [];

    /// <summary>The first rule that the request breaks.</summary>
    public static RequestRule? Broken(VendorWire wire, string model, bool thinks, ChatRequest request, JsonElement body)
    {
        if (wire.Rules.Count == 0)
            return null;
        var rules = Held.GetOrAdd((wire, model), static key => [.. key.Item1.Rules.Where(rule => rule.HoldsFor(key.Item2))]);
        return Array.Find(rules, rule => Applies(rule, thinks, request) && Breaks(rule, request, body));
    }

    private static bool Applies(RequestRule rule, bool thinks, ChatRequest request) => rule.When switch
    {
        RuleCondition.Thinking => thinks,
        RuleCondition.NotThinking => !thinks,
        RuleCondition.Plain => !request.Stream,
        RuleCondition.ThinkingAsked => request.Thinking == true,
        _ => true,
    };

    private static bool Breaks(RequestRule rule, ChatRequest request, JsonElement body)
    {
        var member = Find(body, rule.Member);
        return rule.Rule switch
        {
            RuleKind.Range => member is { ValueKind: JsonValueKind.Number } number && IsOut(rule, number.GetDouble()),
            RuleKind.OneOf => member is { } value && value.ValueKind != JsonValueKind.Object && !rule.Values.Any(allowed => Same(allowed, value)),
            RuleKind.Absent => member is not null,
            RuleKind.NoObject => member is { ValueKind: JsonValueKind.Object },
            RuleKind.Items => member is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > rule.Max,
            RuleKind.Bytes => member is { } text && IsLong(text, rule.Max ?? 0),
            RuleKind.StreamOnly => !request.Stream,
            RuleKind.ChoicesNeedHeat => request.Choices > 1 && member is { ValueKind: JsonValueKind.Number } heat && heat.GetDouble() < rule.Min,
            _ => MessageRules.Breaks(rule, body),
        };
    }

    private static JsonElement? Find(JsonElement body, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? body.Member(path) : body.Member(path[..dot])?.Member(path[(dot + 1)..]);
    }

    private static bool IsOut(RequestRule rule, double number) =>
        number < rule.Min || number > rule.Max || number <= rule.Above || number >= rule.Below;

    private static bool Same(JsonElement allowed, JsonElement value) => allowed.ValueKind == value.ValueKind && value.ValueKind switch
    {
        JsonValueKind.Number => allowed.GetDouble().Equals(value.GetDouble()),
        JsonValueKind.String => allowed.GetString() == value.GetString(),
        _ => true,
    };

    private static bool IsLong(JsonElement text, double most) => text.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetByteCount(text.GetString()!) > most,
        JsonValueKind.Array => text.EnumerateArray().Any(item => IsLong(item, most)),
        _ => false,
    };
}
