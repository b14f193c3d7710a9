using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.ServiceDefaults.Secrets;

/// <summary>A key or password in clear. Whatever prints it prints stars; only <see cref="Reveal"/> says it.</summary>
[DebuggerDisplay(Masked)]
public sealed class Secret(string text)
{
    public const int ShortestLength = 8;
    public const int LongestLength = 4096;
    private const int ShownFrom = 16;
    private const string Masked = "********";

    /// <summary>For upstreams that ask for no key.</summary>
    public static readonly Secret None = new("");

    /// <summary>The last four characters; empty for a key so short that they would tell much of it.</summary>
    public string LastFour => text.Length >= ShownFrom ? text[^4..] : "";

    /// <summary>The key itself, for the header of a request and for encryption.</summary>
    public string Reveal() => text;

    /// <summary>A key of visible ASCII characters; null when the text is none.</summary>
    public static Secret? Parse(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        return trimmed.Length is > 0 and <= LongestLength && !trimmed.Any(c => c is <= ' ' or > '~') ? new Secret(trimmed) : null;
    }

    public bool IsSame(Secret other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(other.Reveal()));

    public override string ToString() => Masked;
}
