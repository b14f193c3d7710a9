using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Orchestration.Protocols.Json;

/// <summary>Reads strings of providers without failing on broken Unicode.</summary>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The same bytes, or a copy in which each invalid sequence is U+FFFD.</summary>
    public static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> utf8) =>
        Utf8.IsValid(utf8) ? utf8 : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8));

    /// <summary>
    /// The string at the reader. Some providers cut text between the two halves of an escaped surrogate pair:
    /// the first half waits in <paramref name="pending"/> for the next string of the same part.
    /// </summary>
    public static string Read(ref Utf8JsonReader reader, ref char pending)
    {
        var raw = reader.ValueSpan;
        var mayHoldSurrogates = reader.ValueIsEscaped && (raw.IndexOf("\\ud"u8) >= 0 || raw.IndexOf("\\uD"u8) >= 0);
        if (pending == 0 && !mayHoldSurrogates)
            return reader.GetString() ?? "";
        if (raw.IsEmpty)
            return "";

        var text = reader.ValueIsEscaped ? Unescape(Encoding.UTF8.GetString(raw)) : Encoding.UTF8.GetString(raw);
        return Pair(text, ref pending);
    }

    private static string Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            if (escaped[i] == 'u')
            {
                text.Append((char)ushort.Parse(escaped.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(escaped[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other });
            }
        }

        return text.ToString();
    }

    private static string Pair(string text, ref char pending)
    {
        var whole = new StringBuilder(text.Length + 1);
        if (pending != 0)
            whole.Append(pending);
        whole.Append(text);
        pending = '\0';
        if (char.IsHighSurrogate(whole[^1]))
        {
            pending = whole[^1];
            whole.Length--;
        }

        for (var i = 0; i < whole.Length; i++)
        {
            if (char.IsHighSurrogate(whole[i]) && i + 1 < whole.Length && char.IsLowSurrogate(whole[i + 1]))
                i++;
            else if (char.IsSurrogate(whole[i]))
                whole[i] = Replacement;
        }

        return whole.ToString();
    }
}
