using System.Text;
using System.Text.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>The text in <c>reasoning_details</c> of an answer that has it nowhere else. Some vendors repeat everything so far in each delta.</summary>
internal sealed class ReasoningDetails
{
    private readonly StringBuilder _seen = new();
    private bool? _isCumulative;

    /// <summary>What the list at the reader adds.</summary>
    public string Add(ref Utf8JsonReader reader)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var text = string.Concat(document.RootElement.EnumerateArray().Select(TextOf));
        var seen = _seen.ToString();
        if (seen.Length > 0 && text.Length > 0)
            _isCumulative ??= text.Length > seen.Length && text.StartsWith(seen, StringComparison.Ordinal);
        var added = _isCumulative == true && text.StartsWith(seen, StringComparison.Ordinal) ? text[seen.Length..] : text;
        _seen.Append(added);
        return added;
    }

    private static string TextOf(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Object)
            return "";
        return detail.TryGetProperty("text", out var text) || detail.TryGetProperty("summary", out text)
            ? text.ValueKind == JsonValueKind.String ? text.GetString() ?? "" : ""
            : "";
    }
}
