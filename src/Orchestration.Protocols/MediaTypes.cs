using System.Collections.Frozen;

namespace Orchestration.Protocols;

/// <summary>Media types by file extension, for files whose sender named no type.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    private static readonly FrozenDictionary<string, string> ByExtension = new Dictionary<string, string>
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".webp"] = "image/webp",
        [".gif"] = "image/gif",
        [".heic"] = "image/heic",
        [".pdf"] = "application/pdf",
        [".txt"] = "text/plain",
        [".md"] = "text/markdown",
        [".csv"] = "text/csv",
        [".html"] = "text/html",
        [".xml"] = "text/xml",
        [".json"] = "application/json",
        [".wav"] = "audio/wav",
        [".mp3"] = "audio/mp3",
        [".mp4"] = "video/mp4",
        [".webm"] = "video/webm",
        [".mov"] = "video/quicktime",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type of a file name or address; empty when its extension is unknown.</summary>
    public static string Of(string name)
    {
        var end = name.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? name : name[..end];
        return ByExtension.GetValueOrDefault(Path.GetExtension(path), "");
    }
}
