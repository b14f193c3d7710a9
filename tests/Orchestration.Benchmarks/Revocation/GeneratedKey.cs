using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Benchmarks.Revocation;

/// <summary>A first operator's key, made by the written rule.</summary>
internal static class GeneratedKey
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Create()
    {
        var body = $"sk-orc_admin_{RandomNumberGenerator.GetString(Digits, 12)}_{RandomNumberGenerator.GetString(Digits, 43)}";
        var rest = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var checksum = new char[6];
        for (var i = checksum.Length - 1; i >= 0; i--)
        {
            checksum[i] = Digits[(int)(rest % 62)];
            rest /= 62;
        }

        return $"{body}_{new string(checksum)}";
    }
}
