using System.Text;
using System.Text.RegularExpressions;
using Orchestration.Indexing.Extraction;

namespace Orchestration.Indexing.Ingestion;

/// <summary>What a submission must be before a row is written.</summary>
internal static partial class SubmissionChecks
{
    private const int MaxTextBytes = 256 * 1024;

    public const string NameRule = "A collection's name has 1 to 64 lower-case letters, digits and hyphens.";

    public static bool IsCollectionName(string? name) => name is not null && CollectionName().IsMatch(name);

    public static IntakeResult.Rejected? Refuse(DocumentSubmission submission, ExtractionOptions limits) => submission switch
    {
        _ when !IsCollectionName(submission.Collection) => new(NameRule, "collection"),
        // A message from the queue may lack a member, whatever its type says.
        { DocumentId: null or { Length: 0 or > 256 } } => new("A document's id has 1 to 256 characters.", "document_id"),
        _ when submission.DocumentId.Contains('\0') => new("The document's id holds a NUL character.", "document_id"),
        { Title: null } => new("The document has no title; an empty one is allowed.", "title"),
        { Title.Length: > 512 } => new("A document's title has at most 512 characters.", "title"),
        _ when submission.Title.Contains('\0') => new("The document's title holds a NUL character.", "title"),
        { File: { } file } => Refuse(file, limits),
        _ when string.IsNullOrWhiteSpace(submission.Text) => new("The document has no text.", "text"),
        _ when Encoding.UTF8.GetByteCount(submission.Text) > MaxTextBytes => new("The document's text is larger than 256 KiB. Upload it as a file.", "text"),
        _ when submission.Text.Contains('\0') => new("The document's text holds a NUL character.", "text"),
        _ when string.IsNullOrWhiteSpace(HiddenCharacters.Strip(submission.Text)) => new("The document's text is of characters that nobody sees.", "text"),
        _ => null,
    };

    private static IntakeResult.Rejected? Refuse(SourceFile file, ExtractionOptions limits) => file switch
    {
        { Name: null or { Length: > 256 } } => new("A file's name has at most 256 characters.", "file_name"),
        { MediaType: null or { Length: > 256 } } => new("A media type has at most 256 characters.", "media_type"),
        _ when file.Name.Contains('\0') || file.MediaType.Contains('\0') => new("The file's name or media type holds a NUL character.", "file_name"),
        { Bytes.Length: 0 } => new("The file is empty.", "file") { Code = "empty_file" },
        _ when file.Bytes.Length > limits.MaxFileBytes => new(UnreadableFile.TooLarge(limits.MaxFileBytes).Message, "file") { Code = "file_too_large" },
        _ => null,
    };

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex CollectionName();
}
