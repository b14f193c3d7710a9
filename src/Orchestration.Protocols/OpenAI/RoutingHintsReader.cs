using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>
/// Reads the request member <c>orchestration</c>: <c>complexity</c>, <c>cost_cap</c> (<c>{"amount","currency"}</c>),
/// <c>deadline</c> (seconds, or text such as "1500ms", "30s", "2m") and <c>strict</c>.
/// </summary>
internal static class RoutingHintsReader
{
    private const string Member = "orchestration";
    private const double MaxDeadlineSeconds = 24 * 3600;

    public static RoutingHints? Read(RequestContext context, JsonElement value)
    {
        if (!context.IsObject(value, Member))
            return null;

        var hints = new RoutingHints();
        context.Enter(Member);
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
                Read(context, member.Name, member.Value, hints);
        }

        context.Leave();
        return hints;
    }

    private static void Read(RequestContext context, string name, JsonElement value, RoutingHints hints)
    {
        switch (name)
        {
            case "complexity":
                hints.Complexity = context.Text(value, name);
                if (hints.Complexity is not ("simple" or "moderate" or "complex"))
                    context.Fail(name, "invalid_value", "Invalid 'orchestration.complexity': expected 'simple', 'moderate' or 'complex'.");
                break;
            case "cost_cap":
                hints.CostCap = ReadMoney(context, value);
                break;
            case "deadline":
                hints.Deadline = ReadDeadline(context, value);
                break;
            case "strict":
                hints.Strict = context.Flag(value, name);
                break;
            default:
                context.Fail(name, "unknown_parameter", $"Unknown parameter: '{context.PathTo(name)}'.");
                break;
        }
    }

    private static Money? ReadMoney(RequestContext context, JsonElement value)
    {
        if (!context.IsObject(value, "cost_cap"))
            return null;

        context.Enter("cost_cap");
        var money = new Money();
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals("amount"))
                money.Amount = ReadAmount(context, member.Value);
            else if (member.NameEquals("currency"))
                money.Currency = context.Text(member.Value, member.Name, 3).ToUpperInvariant();
            else
                context.Fail(member.Name, "unknown_parameter", $"Unknown parameter: '{context.PathTo(member.Name)}'.");
        }

        if (money.Amount.Length == 0)
            context.Missing("amount");
        if (money.Currency.Length != 3 || !money.Currency.All(char.IsAsciiLetterUpper))
            context.Fail("currency", "invalid_value", "Invalid 'orchestration.cost_cap.currency': expected an ISO 4217 code such as 'USD'.");
        context.Leave();
        return money;
    }

    // Numbers are read from their text: an amount never passes through floating point.
    private static string ReadAmount(RequestContext context, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : context.Text(value, "amount", 64);
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var amount) && amount > 0 && amount.Scale <= 15)
            return amount.ToString(CultureInfo.InvariantCulture);

        context.Fail("amount", "invalid_value", "Invalid 'orchestration.cost_cap.amount': expected a positive decimal with at most 15 digits after the point.");
        return "0";
    }

    private static Duration? ReadDeadline(RequestContext context, JsonElement value)
    {
        double? seconds = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var number) => number,
            JsonValueKind.String => ParseDuration(value.GetString() ?? ""),
            _ => null,
        };
        if (seconds is > 0 and <= MaxDeadlineSeconds)
            return Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds.Value));

        context.Fail("deadline", "invalid_value", "Invalid 'orchestration.deadline': expected seconds, or text such as '1500ms', '30s' or '2m', of at most one day.");
        return null;
    }

    private static double? ParseDuration(string text)
    {
        var (unit, factor) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (2, 0.001),
            _ when text.EndsWith('s') => (1, 1d),
            _ when text.EndsWith('m') => (1, 60d),
            _ => (0, 1d),
        };
        return double.TryParse(text.AsSpan(0, text.Length - unit), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * factor
            : null;
    }
}
