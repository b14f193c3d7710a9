using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>How each far side can tell that a message is ours.</summary>
internal static class Signatures
{
    /// <summary>Our own webhook: HMAC-SHA-256, keyed with the secret, over the timestamp, a full stop and the body; "v1=" and lower-case hex.</summary>
    public static string Webhook(string secret, long unixSeconds, ReadOnlySpan<byte> body) =>
        "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(Text(unixSeconds) + "."), .. body]));

    /// <summary>Feishu: HMAC-SHA-256 over nothing, keyed with the timestamp, a line feed and the secret; base64.</summary>
    public static string Feishu(string secret, long unixSeconds) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"{Text(unixSeconds)}\n{secret}"), Array.Empty<byte>()));

    /// <summary>DingTalk: HMAC-SHA-256, keyed with the secret, over the timestamp, a line feed and the secret; base64, not yet URL-encoded.</summary>
    public static string DingTalk(string secret, long unixMilliseconds) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{Text(unixMilliseconds)}\n{secret}")));

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
