using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Keys made by the written rule, not by the code under test.</summary>
internal static class TestKeys
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Create(string environment = "dev")
    {
        var body = $"sk-orc_{environment}_{RandomNumberGenerator.GetString(Alphabet, 12)}_{RandomNumberGenerator.GetString(Alphabet, 43)}";
        return $"{body}_{Checksum(body)}";
    }

    public static string Checksum(string body)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(body));
        var value = new BigInteger(hash.AsSpan(0, 8), isUnsigned: true, isBigEndian: true) % BigInteger.Pow(62, 6);
        var digits = "";
        for (var i = 0; i < 6; i++)
        {
            digits = Alphabet[(int)(value % 62)] + digits;
            value /= 62;
        }

        return digits;
    }
}
