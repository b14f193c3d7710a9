using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Ids and names as the protocol takes them: letters, digits, underscore, hyphen.</summary>
internal static class AnthropicIdentifiers
{
    public const int MaxNameCharacters = 128;
    private const int HashCharacters = 12;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>The text itself when it is allowed, else one made from it that the same text always gives and hardly any other does.</summary>
    public static string Clean(string text)
    {
        if (text.Length is > 0 and <= MaxNameCharacters && !text.AsSpan().ContainsAnyExcept(Allowed))
            return text;

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashCharacters];
        var kept = text.Length <= MaxNameCharacters - HashCharacters - 1 ? text : text[..(MaxNameCharacters - HashCharacters - 1)];
        return string.Create(kept.Length + 1 + HashCharacters, (kept, hash), static (span, state) =>
        {
            for (var i = 0; i < state.kept.Length; i++)
                span[i] = Allowed.Contains(state.kept[i]) ? state.kept[i] : '_';
            span[state.kept.Length] = '_';
            state.hash.CopyTo(span[(state.kept.Length + 1)..]);
        });
    }
}
