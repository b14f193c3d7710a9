using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Gateway.Authentication;

/// <summary>
/// A key as clients send it: <c>sk-orc_&lt;env&gt;_&lt;public id&gt;_&lt;secret&gt;_&lt;checksum&gt;</c>. The checksum turns typing
/// errors and junk away before any store is asked; it proves nothing about the key's rights.
/// </summary>
internal sealed class ApiKey
{
    public const string Prefix = "sk-orc_";
    private const int PublicIdLength = 12;
    private const int SecretLength = 43;
    private const int ChecksumLength = 6;
    private const int MaxEnvironmentLength = 16;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const ulong ChecksumRange = 56_800_235_584; // 62^6
    private static readonly SearchValues<char> Base62 = SearchValues.Create(Digits);

    private ApiKey(string text, string publicId, string secret)
    {
        Text = text;
        PublicId = publicId;
        Secret = secret;
    }

    /// <summary>The whole key as clients send it.</summary>
    public string Text { get; }

    public string PublicId { get; }

    public string Secret { get; }

    /// <summary>A new key of 256 random bits; with the public id of another one, a new secret for that key.</summary>
    public static ApiKey Create(string environment, string? publicId = null)
    {
        var body = $"{Prefix}{environment}_{publicId ?? RandomNumberGenerator.GetString(Digits, PublicIdLength)}_{RandomNumberGenerator.GetString(Digits, SecretLength)}";
        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(body, checksum);
        return TryParse($"{body}_{checksum}") ?? throw new ArgumentException("Not the name of an environment.", nameof(environment));
    }

    /// <summary>The parts of a well-formed key, or null.</summary>
    public static ApiKey? TryParse(ReadOnlySpan<char> text)
    {
        const int tail = 1 + PublicIdLength + 1 + SecretLength + 1 + ChecksumLength;
        if (text.Length < Prefix.Length + 1 + tail || text.Length > Prefix.Length + MaxEnvironmentLength + tail || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var environment = text[Prefix.Length..^tail];
        var rest = text[^tail..];
        var publicId = rest.Slice(1, PublicIdLength);
        var secret = rest.Slice(2 + PublicIdLength, SecretLength);
        var checksum = rest[^ChecksumLength..];
        if (rest[0] != '_' || rest[1 + PublicIdLength] != '_' || rest[2 + PublicIdLength + SecretLength] != '_')
            return null;
        if (environment.ContainsAnyExcept(Base62) || publicId.ContainsAnyExcept(Base62) || secret.ContainsAnyExcept(Base62))
            return null;
        Span<char> expected = stackalloc char[ChecksumLength];
        WriteChecksum(text[..^(ChecksumLength + 1)], expected);
        return checksum.SequenceEqual(expected) ? new ApiKey(text.ToString(), publicId.ToString(), secret.ToString()) : null;
    }

    /// <summary>Never the secret: keys find their way into messages.</summary>
    public override string ToString() => PublicId;

    private static void WriteChecksum(ReadOnlySpan<char> body, Span<char> destination)
    {
        Span<byte> utf8 = stackalloc byte[128];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(body, utf8)], hash);
        var value = BinaryPrimitives.ReadUInt64BigEndian(hash) % ChecksumRange;
        for (var i = destination.Length - 1; i >= 0; i--)
        {
            destination[i] = Digits[(int)(value % 62)];
            value /= 62;
        }
    }
}
