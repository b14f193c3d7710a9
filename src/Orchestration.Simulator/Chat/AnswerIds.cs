using System.Globalization;
using System.Text;

namespace Orchestration.Simulator.Chat;

/// <summary>
/// Ids from patterns: <c>{alnum:24}</c>, <c>{hex:32}</c>, <c>{digits:9}</c>, <c>{lower:10}</c>, <c>{uuid}</c>, <c>{time}</c> (14 digits), <c>{n}</c> and <c>{nn}</c> (position), <c>{name}</c>.
/// </summary>
internal static class AnswerIds
{
    private const string Digits = "0123456789";
    private const string Hex = "0123456789abcdef";
    private const string Lower = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Response(string pattern, ulong instance, long seq, DateTimeOffset now)
    {
        var random = new StableRandom(instance ^ ((ulong)seq * 0x9E3779B97F4A7C15UL));
        return Fill(pattern, ref random, 0, "", now);
    }

    public static string ToolCall(string pattern, ref StableRandom random, int index, string name) =>
        Fill(pattern, ref random, index, name, DateTimeOffset.UnixEpoch);

    public static string Letters(ref StableRandom random, int length)
    {
        var letters = new StringBuilder(length);
        Letters(letters, Alphabet, ref random, length);
        return letters.ToString();
    }

    private static string Fill(string pattern, ref StableRandom random, int index, string name, DateTimeOffset now)
    {
        var id = new StringBuilder(48);
        for (var at = 0; at < pattern.Length;)
        {
            if (pattern[at] != '{')
            {
                id.Append(pattern[at++]);
                continue;
            }
            var end = pattern.IndexOf('}', at);
            Append(id, pattern.AsSpan(at + 1, end - at - 1), ref random, index, name, now);
            at = end + 1;
        }
        return id.ToString();
    }

    private static void Append(StringBuilder id, ReadOnlySpan<char> part, ref StableRandom random, int index, string name, DateTimeOffset now)
    {
        var colon = part.IndexOf(':');
        var length = colon < 0 ? 0 : int.Parse(part[(colon + 1)..], CultureInfo.InvariantCulture);
        switch (colon < 0 ? part : part[..colon])
        {
            case "alnum": Letters(id, Alphabet, ref random, length); break;
            case "hex": Letters(id, Hex, ref random, length); break;
            case "digits": Letters(id, Digits, ref random, length); break;
            case "lower": Letters(id, Lower, ref random, length); break;
            case "uuid": id.Append(Uuid(ref random)); break;
            case "time": id.Append(now.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)); break;
            case "n": id.Append(index); break;
            case "nn": id.Append(index.ToString("00", CultureInfo.InvariantCulture)); break;
            case "name": id.Append(name); break;
            default: throw new FormatException($"Ids know no '{part}'.");
        }
    }

    private static Guid Uuid(ref StableRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, random.Next());
        BitConverter.TryWriteBytes(bytes[8..], random.Next());
        return new Guid(bytes);
    }

    private static void Letters(StringBuilder id, string alphabet, ref StableRandom random, int length)
    {
        for (var i = 0; i < length; i++)
            id.Append(alphabet[random.Next(alphabet.Length)]);
    }
}
