using System.Collections.Concurrent;
using Google.Protobuf;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Metrics.Recording;

/// <summary>The price record that an attempt carries as protobuf JSON.</summary>
internal static class PriceText
{
    private const int MaxLength = 64 * 1024;
    private const int MaxRemembered = 1024;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    // A few hundred distinct prices stand behind millions of attempts, so that a checked text is worth remembering.
    private static readonly ConcurrentDictionary<string, bool> Checked = new(StringComparer.Ordinal);

    public static string? Check(string? text)
    {
        if (text is null or { Length: > MaxLength })
            return "price: missing or too long";
        if (Checked.ContainsKey(text))
            return null;
        if (Parse(text) is not { Tiers.Count: > 0 } || HoldsNul(text))
            return "price: not a price record";

        if (Checked.Count < MaxRemembered)
            Checked.TryAdd(text, true);
        return null;
    }

    public static PriceRecord? Parse(string text)
    {
        try
        {
            return Parser.Parse<PriceRecord>(text);
        }
        catch (Exception exception) when (exception is IOException or FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static bool HoldsNul(string text) =>
        text.Contains('\0', StringComparison.Ordinal) || text.Contains("\\u0000", StringComparison.Ordinal);
}
