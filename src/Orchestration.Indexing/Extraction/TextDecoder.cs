using System.Buffers;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Orchestration.Indexing.Extraction;

/// <summary>Bytes of a text file as characters: by its mark, by the charset that its sender names, else UTF-8, UTF-16 or GB 18030 by their looks.</summary>
internal static class TextDecoder
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(code => code is not ('\t' or '\n' or '\r' or '\f' or 0x1B or '\v')).Select(code => (char)code)]);

    static TextDecoder() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <exception cref="ExtractionException">It is no text, or in an encoding that nobody named.</exception>
    public static string Decode(SourceFile file)
    {
        var text = file.Bytes.Length == 0 ? throw UnreadableFile.Empty() : Characters(file);
        return text.AsSpan().ContainsAny(Controls) ? throw UnreadableFile.Binary() : text;
    }

    private static string Characters(SourceFile file)
    {
        if (Marked(file.Bytes) is var (encoding, length))
            return Strictly(encoding, file.Bytes.AsSpan(length)) ?? throw UnreadableFile.WrongEncoding(encoding.WebName);
        if (Named(file.MediaType) is { } named)
            return Strictly(named, file.Bytes) ?? throw UnreadableFile.WrongEncoding(named.WebName);
        return Strictly(Encoding.UTF8, file.Bytes) is { } utf8 && !utf8.Contains('\0') ? utf8 : Guessed(file.Bytes);
    }

    private static (Encoding Encoding, int Length)? Marked(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => null,
    };

    private static Encoding? Named(string mediaType)
    {
        if (!MediaTypeHeaderValue.TryParse(mediaType, out var parsed) || parsed.Charset.Length == 0)
            return null;
        try
        {
            return Encoding.GetEncoding(parsed.Charset.ToString().Trim('"'));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw UnreadableFile.UnknownEncoding();
        }
    }

    private static string Guessed(byte[] bytes)
    {
        if (bytes.Length % 2 == 0 && LooksLikeUtf16(bytes) is { } utf16 && Strictly(utf16, bytes) is { } wide)
            return wide;
        if (bytes.AsSpan().Contains((byte)0))
            throw UnreadableFile.Binary();
        return Strictly(Encoding.GetEncoding("gb18030"), bytes) is { } chinese && IsMostlyChinese(bytes) ? chinese : throw UnreadableFile.UnknownEncoding();
    }

    // In text of any script, the high bytes of spaces and line ends are zero and the low ones are not.
    private static Encoding? LooksLikeUtf16(ReadOnlySpan<byte> bytes)
    {
        var (even, odd) = (0, 0);
        for (var i = 0; i + 1 < bytes.Length; i += 2)
            (even, odd) = (even + (bytes[i] == 0 ? 1 : 0), odd + (bytes[i + 1] == 0 ? 1 : 0));
        return odd > bytes.Length / 40 && odd > 4 * even ? Encoding.Unicode : even > bytes.Length / 40 && even > 4 * odd ? Encoding.BigEndianUnicode : null;
    }

    // Nearly every sequence of bytes is some GB 18030: only where the second bytes are high too, as those of
    // common characters are and letters that follow an accented one are not, is it taken for it.
    private static bool IsMostlyChinese(ReadOnlySpan<byte> bytes)
    {
        var (foreign, common) = (0, 0);
        for (var i = 0; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
                continue;
            foreign++;
            if (bytes[++i] >= 0x80)
                common++;
        }

        return common * 10 > foreign * 8;
    }

    private static string? Strictly(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
