using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace Orchestration.Gateway.Http;

/// <summary>
/// Refuses two things in headers that the HTTP server takes: a length with a sign, and names that are no tokens (RFC 9110, 5.1 and 8.6). The only place
/// where it asks anybody about a header before it believes it is how the value is to be decoded.
/// </summary>
internal static class RequestHeaderText
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly Encoding Digits = new OnlyDigits();
    private static readonly Encoding Nothing = new OnlyDigits(takesDigits: false);

    public static void Check(KestrelServerOptions options) => options.RequestHeaderEncodingSelector = name =>
        name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? Digits
        : name.AsSpan().ContainsAnyExcept(TokenCharacters) && name[0] != ':' ? Nothing
        : null;

    /// <summary>Decodes digits as they are, and what is none as something that is no number; or nothing at all. The server answers either with 400.</summary>
    private sealed class OnlyDigits(bool takesDigits = true) : Encoding
    {
        private const char NoDigit = 'x';

        public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
        {
            if (!takesDigits)
                throw new DecoderFallbackException("The name of this header is no token.");
            // More than there is room for is no number that the server knows, either.
            var count = Math.Min(bytes.Length, chars.Length);
            for (var index = 0; index < count; index++)
                chars[index] = char.IsAsciiDigit((char)bytes[index]) ? (char)bytes[index] : NoDigit;
            return count;
        }

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
            GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

        public override int GetByteCount(char[] chars, int index, int count) => count;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
            ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetMaxByteCount(int charCount) => charCount;

        public override int GetMaxCharCount(int byteCount) => byteCount;
    }
}
