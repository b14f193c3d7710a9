using System.Text;

namespace Orchestration.Protocols;

/// <summary>A data URI taken apart (RFC 2397).</summary>
/// <param name="MediaType">Media type without parameters, in lower case; empty when the URI names none.</param>
/// <param name="Base64">The data as base64.</param>
/// <param name="IsBase64">True when the URI itself holds base64.</param>
internal sealed record DataUri(string MediaType, string Base64, bool IsBase64)
{
    private const string Scheme = "data:";
    private const string Base64Mark = ";base64";

    public static bool IsDataUri(string url) => url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The parts of a data URI; null for anything else.</summary>
    public static DataUri? Parse(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (!IsDataUri(url) || comma < 0)
            return null;

        var head = url.AsSpan(Scheme.Length, comma - Scheme.Length);
        var end = head.IndexOf(';');
        var mediaType = (end < 0 ? head : head[..end]).Trim().ToString().ToLowerInvariant();
        var body = url[(comma + 1)..];
        return head.TrimEnd().EndsWith(Base64Mark, StringComparison.OrdinalIgnoreCase)
            ? new DataUri(mediaType, body, true)
            : new DataUri(mediaType, Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(body))), false);
    }
}
