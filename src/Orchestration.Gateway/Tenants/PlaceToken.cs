using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Gateway.Tenants;

/// <summary>The id that a page ended with, opaque to its holder and bound to its list. It grants nothing.</summary>
internal static class PlaceToken
{
    private const int CheckLength = 4;
    private const int Longest = 128;

    public static string For(string list, string last)
    {
        var place = Encoding.UTF8.GetBytes(last);
        return Base64Url.EncodeToString([.. Check(list, place), .. place]);
    }

    /// <summary>The place; empty for the first page; null when the token is not of this list.</summary>
    public static string? Read(string list, string token)
    {
        if (token.Length == 0)
            return "";
        if (token.Length > Longest || !Base64Url.IsValid(token))
            return null;
        var bytes = Base64Url.DecodeFromChars(token);
        return bytes.Length > CheckLength && Check(list, bytes.AsSpan(CheckLength)).AsSpan().SequenceEqual(bytes.AsSpan(0, CheckLength))
            ? Encoding.UTF8.GetString(bytes, CheckLength, bytes.Length - CheckLength)
            : null;
    }

    private static byte[] Check(string list, ReadOnlySpan<byte> place) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(list), 0, .. place])[..CheckLength];
}
