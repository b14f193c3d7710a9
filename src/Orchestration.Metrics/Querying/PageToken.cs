using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Metrics.Querying;

/// <summary>
/// The place where a page ended, opaque to its holder. It is bound to the list that it continues – tenant, filter and order – and carries a
/// check sum; it grants nothing, since every page is fenced by the request's own tenant.
/// </summary>
internal static class PageToken
{
    private const byte Version = 1;
    private const int IdLength = 16;
    private const int CheckLength = 4;
    private const int Length = 1 + IdLength + CheckLength;

    public static string For(Guid last, string list)
    {
        Span<byte> token = stackalloc byte[Length];
        token[0] = Version;
        last.TryWriteBytes(token[1..], bigEndian: true, out _);
        WriteCheck(token, list);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The place, or null when this service did not make the token for this list.</summary>
    public static Guid? Read(string text, string list)
    {
        Span<byte> token = stackalloc byte[Length];
        if (text.Length > 64 || !Base64Url.IsValid(text, out var decoded) || decoded != Length || !Base64Url.TryDecodeFromChars(text, token, out _))
            return null;

        Span<byte> expected = stackalloc byte[Length];
        token[..(1 + IdLength)].CopyTo(expected);
        WriteCheck(expected, list);
        return token[0] == Version && token.SequenceEqual(expected) ? new Guid(token.Slice(1, IdLength), bigEndian: true) : null;
    }

    private static void WriteCheck(Span<byte> token, string list)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. token[..(1 + IdLength)], .. Encoding.UTF8.GetBytes("requests\n" + list)], hash);
        hash[..CheckLength].CopyTo(token[(1 + IdLength)..]);
    }
}
