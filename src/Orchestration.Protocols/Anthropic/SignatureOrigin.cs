using System.Buffers.Text;
using System.Text;

namespace Orchestration.Protocols.Anthropic;

/// <summary>
/// Signatures on their way to clients of this protocol, which have no other place for where they came from: the origin goes
/// in front. Clients bring signatures back as they got them.
/// </summary>
internal static class SignatureOrigin
{
    private const string Mark = "orc1.";

    public static string Wrap(string signature, string origin) => signature.Length == 0 || origin.Length == 0
        ? signature
        : $"{Mark}{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(origin))}.{signature}";

    /// <summary>The signature as it was issued, and by whom; empty when nobody told.</summary>
    public static (string Signature, string Origin) Unwrap(string wrapped)
    {
        var end = wrapped.StartsWith(Mark, StringComparison.Ordinal) ? wrapped.IndexOf('.', Mark.Length) : -1;
        if (end < 0 || !Base64Url.IsValid(wrapped.AsSpan(Mark.Length, end - Mark.Length)))
            return (wrapped, "");
        return (wrapped[(end + 1)..], Encoding.UTF8.GetString(Base64Url.DecodeFromChars(wrapped.AsSpan(Mark.Length, end - Mark.Length))));
    }
}
