using System.Globalization;

namespace Orchestration.Indexing.Extraction;

/// <summary>Every reason for which a file cannot be read.</summary>
internal static class UnreadableFile
{
    public static ExtractionException Empty() => new("empty_file", "The file is empty.");

    public static ExtractionException Missing() => new("file_missing", "The document's file is no longer there. Upload it again.");

    public static ExtractionException NoText(string hint = "") => new("no_text", "The file holds no text." + hint);

    public static ExtractionException Binary() => new("binary_content", "The file is called text, but holds binary data.");

    public static ExtractionException Unsupported(string what) =>
        new("unsupported_format", $"{what} Text, Markdown, HTML, PDF, DOCX, XLSX, CSV and JSON can be read.");

    public static ExtractionException UnknownEncoding() => new(
        "unknown_encoding", "The file's characters are not UTF-8, UTF-16 or GB 18030. Save it as UTF-8, or name its charset in the media type.");

    public static ExtractionException WrongEncoding(string charset) =>
        new("wrong_encoding", $"The file's characters are not {charset}, as its media type says.");

    public static ExtractionException Encrypted() => new("encrypted_file", "The file is protected by a password. Save it without one.");

    public static ExtractionException OldOffice() =>
        new("old_office_file", "The file is protected by a password or in an old format of Office. Save it without a password as DOCX or XLSX.");

    public static ExtractionException Malformed(string kind) =>
        new("malformed_file", $"The file is damaged or not what it says it is: it cannot be read as {kind}.");

    public static ExtractionException TooMuchText(int characters) =>
        new("too_much_text", Said($"The file holds more than {characters:N0} characters of text. Split it."));

    public static ExtractionException TooManyPages(int pages) => new("too_many_pages", Said($"The file has more than {pages:N0} pages. Split it."));

    public static ExtractionException TooManyEntries(int entries) =>
        new("too_many_entries", Said($"The file is an archive of more than {entries:N0} parts."));

    public static ExtractionException ExpandsTooMuch() => new("expands_too_much", "Unpacked, the file is far larger than a document may be.");

    public static ExtractionException TooDeep() => new("too_deep", "The file's parts are nested too deeply.");

    public static ExtractionException TooLarge(int bytes) =>
        new("file_too_large", Said($"The file is larger than {bytes / (1024 * 1024):N0} MiB. Split it."));

    public static ExtractionException TooSlow(TimeSpan limit) =>
        new("took_too_long", Said($"Reading the file took longer than {limit.TotalSeconds:N0} seconds, which no ordinary document does."));

    public static ExtractionException TooMuchMemory() => new("too_much_memory", "Reading the file needs more memory than any ordinary document does.");

    public static ExtractionException Crashed() => new("reader_crashed", "The file ends the program that reads it. It is damaged or was made to do so.");

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
