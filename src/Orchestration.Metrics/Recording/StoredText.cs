using System.Text.Json;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// Makes text fit for its column. Parts of it come from clients, and nobody may keep a request out of the ledger by naming it
/// with something that cannot be stored.
/// </summary>
internal static class StoredText
{
    private const int MaxLength = 512;
    private const int MaxTags = 64;

    /// <summary>The text without NUL characters, which Postgres does not hold, and cut to length.</summary>
    public static string? Fit(string? text)
    {
        if (text is null)
            return null;

        if (text.Length > MaxLength)
            text = text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        return text.Replace('\0', '\uFFFD');
    }

    /// <summary>Tags as JSON, each fit for storage.</summary>
    public static string FitTags(IReadOnlyDictionary<string, string> tags)
    {
        var fit = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Take(MaxTags))
            fit[Fit(key)!] = Fit(value) ?? "";
        return JsonSerializer.Serialize(fit, JsonSerializerOptions.Web);
    }
}
