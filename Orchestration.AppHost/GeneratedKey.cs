using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.AppHost;

/// <summary>Makes keys of the gateway's form: <c>sk-orc_{environment}_{public id}_{secret}_{checksum}</c>.</summary>
internal static class GeneratedKey
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ChecksumLength = 6;

    public static string Create(string environment)
    {
        var body = $"sk-orc_{environment}_{Text(12)}_{Text(43)}";
        return $"{body}_{Checksum(body)}";
    }

    /// <summary>Random letters and digits, safe in addresses and connection strings.</summary>
    public static string Text(int length) => RandomNumberGenerator.GetString(Digits, length);

    /// <summary>The first 64 bits of the body's SHA-256, as six digits of base 62.</summary>
    public static string Checksum(string body)
    {
        var value = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var text = new char[ChecksumLength];
        for (var i = ChecksumLength - 1; i >= 0; i--)
        {
            text[i] = Digits[(int)(value % (ulong)Digits.Length)];
            value /= (ulong)Digits.Length;
        }
        return new string(text);
    }
}
