using System.Globalization;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>One line of a CSV file: a tier and the price that it belongs to.</summary>
internal sealed record CsvTier(int Line, string Provider, string Model, CataloguePrice Price, CatalogueTier Tier);

/// <summary>The columns of a CSV file, in any order.</summary>
internal sealed class PriceColumns(string[] names)
{
    private static readonly string[] Required = ["provider", "model", "currency", "region", "input", "output"];

    private static readonly string[] Optional =
    [
        "effective_from", "effective_to", "confidence", "input_limit", "input_tokens_lte", "input_tokens_gt", "output_tokens_lte", "thinking",
        "service_tier", "cache_read", "cache_write", "cache_write_1h", "audio_input", "audio_output", "per_search",
    ];

    private static readonly IReadOnlyList<CatalogueTier> NoTiers = [];

    public int Count => names.Length;

    public static PriceColumns Read(string header, out IReadOnlyList<string> unknown)
    {
        var names = header.Split(',', StringSplitOptions.TrimEntries);
        unknown = [.. names.Where(n => !Required.Contains(n) && !Optional.Contains(n)), .. names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)];
        return new PriceColumns(names);
    }

    public IEnumerable<string> Missing() => Required.Except(names);

    /// <exception cref="FormatException">A value is malformed; the message is the name of its column.</exception>
    public CsvTier Tier(string[] cells, int line)
    {
        string? Text(string name) => Array.IndexOf(names, name) is >= 0 and var place && cells[place].Trim() is { Length: > 0 } text ? text : null;

        return new CsvTier(
            line,
            Text("provider") ?? throw new FormatException("provider"),
            Text("model") ?? throw new FormatException("model"),
            new CataloguePrice
            {
                Currency = Text("currency") ?? throw new FormatException("currency"),
                Region = Text("region") ?? throw new FormatException("region"),
                EffectiveFrom = Instant("effective_from", Text("effective_from")),
                EffectiveTo = Instant("effective_to", Text("effective_to")),
                Confidence = Text("confidence") ?? "medium",
                InputLimit = Text("input_limit") is { } limit ? (int)Whole("input_limit", limit) : null,
                Tiers = NoTiers,
            },
            new CatalogueTier
            {
                InputTokensLte = Optionally("input_tokens_lte", Text("input_tokens_lte")),
                InputTokensGt = Optionally("input_tokens_gt", Text("input_tokens_gt")),
                OutputTokensLte = Optionally("output_tokens_lte", Text("output_tokens_lte")),
                Thinking = Text("thinking") switch { null => null, "true" => true, "false" => false, _ => throw new FormatException("thinking") },
                ServiceTier = Text("service_tier"),
                Input = Text("input") ?? throw new FormatException("input"),
                Output = Text("output") ?? throw new FormatException("output"),
                CacheRead = Text("cache_read"),
                CacheWrite = Text("cache_write"),
                CacheWrite1h = Text("cache_write_1h"),
                AudioInput = Text("audio_input"),
                AudioOutput = Text("audio_output"),
                PerSearch = Text("per_search"),
            });
    }

    private static long? Optionally(string name, string? text) => text is null ? null : Whole(name, text);

    private static long Whole(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException(name);

    private static DateTimeOffset? Instant(string name, string? text) => text is null
        ? null
        : DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUniversalTime()
            : throw new FormatException(name);
}
