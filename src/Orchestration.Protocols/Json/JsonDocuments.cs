using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Orchestration.Protocols.Json;

/// <summary>Parses documents strictly: depth 64, no duplicate names, no comments, no trailing data, valid Unicode.</summary>
internal static class JsonDocuments
{
    public const int MaxDepth = 64;

    public static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = MaxDepth,
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
    };

    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out JsonDocument? document, out string reason)
    {
        document = null;
        reason = "";
        if (json.IsEmpty)
            reason = "The body is empty.";
        else if (!Utf8.IsValid(json.Span))
            reason = "The body is not valid UTF-8.";
        else if (!HasSoundEscapes(json.Span))
            reason = "The body holds an escaped surrogate without its pair, or is malformed.";
        if (reason.Length > 0)
            return false;

        try
        {
            document = JsonDocument.Parse(json, Options);
            return true;
        }
        catch (JsonException exception)
        {
            reason = Explain(exception);
            return false;
        }
    }

    // The message of the exception may quote the document; its position does not.
    private static string Explain(JsonException exception) => exception.LineNumber is { } line
        ? $"The body is not valid JSON of depth 64 or less with unique names (line {line + 1}, byte {exception.BytePositionInLine})."
        : "The body is not valid JSON of depth 64 or less with unique names.";

    private static bool HasSoundEscapes(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
            return true;

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    _ = reader.GetString();
            }

            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException)
        {
            return false;
        }
    }
}
