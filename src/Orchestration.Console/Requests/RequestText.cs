using System.Globalization;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Console.Requests;

/// <summary>Requests in words.</summary>
internal static class RequestText
{
    public static string Answerer(RequestRecord request) => request switch
    {
        { Cache: "hit" } => "exact cache",
        { Cache: "semantic_hit" } => "semantic cache",
        { Provider.Length: 0 } => "–",
        _ => $"{request.Provider}/{request.Model}",
    };

    public static string Settlement(RequestRecord request) => request.Settlement.ToString().ToLowerInvariant();

    /// <summary>The classes of a usage that are not zero, with the price of a million of each where one tier says it.</summary>
    public static IEnumerable<(string Name, long Amount, string Price)> Lines(Usage? usage, PriceRecord? price)
    {
        if (usage is null)
            yield break;
        // With several tiers the ledger's cost says which one held; it is not guessed at here.
        var tier = price is { Tiers: [var only] } ? only : null;
        foreach (var (name, amount, unit) in new (string, long, string?)[]
        {
            ("input", usage.InputTokens, tier?.Input),
            ("read from the provider's cache", usage.CacheReadTokens, tier?.CacheRead),
            ("written to the provider's cache", usage.CacheWriteTokens, tier?.CacheWrite),
            ("written to the provider's cache for an hour", usage.CacheWrite1HTokens, tier?.CacheWrite1H),
            ("audio input", usage.AudioInputTokens, tier?.AudioInput),
            ("output", usage.OutputTokens, tier?.Output),
            ("reasoning", usage.ReasoningTokens, tier?.Output),
            ("audio output", usage.AudioOutputTokens, tier?.AudioOutput),
            ("searches", usage.SearchUnits, tier?.PerSearch),
        })
        {
            if (amount > 0)
                yield return (name, amount, unit is { Length: > 0 } ? $"{unit} {price!.Currency}" : "–");
        }
    }

    public static string Count(long amount) => amount.ToString("N0", CultureInfo.InvariantCulture);
}
