using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Authentication;

/// <summary>HMAC-SHA-256 of key secrets under the pepper. A slow hash would add nothing at 256 bits but a way to exhaust us.</summary>
internal sealed class SecretHasher(IOptions<KeyOptions> options)
{
    /// <summary>Version of the pepper in use, stored beside each hash.</summary>
    public const int PepperVersion = 1;

    private static readonly byte[] NoHash = new byte[HMACSHA256.HashSizeInBytes];
    private readonly byte[] _pepper = Encoding.UTF8.GetBytes(options.Value.Pepper);

    public byte[] Hash(ApiKey key) => HMACSHA256.HashData(_pepper, Encoding.UTF8.GetBytes(key.Secret));

    /// <summary>Hash of a key that another gateway made, from the SHA-256 of the whole key.</summary>
    public byte[] HashOfImported(ReadOnlySpan<byte> sha256) => HMACSHA256.HashData(_pepper, sha256);

    /// <summary>Takes the same time for a missing hash as for a wrong one, and for one hash as for two.</summary>
    public bool Matches(ApiKey key, byte[]? hash, byte[]? previous = null)
    {
        Span<byte> secret = stackalloc byte[64];
        Span<byte> actual = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_pepper, secret[..Encoding.UTF8.GetBytes(key.Secret, secret)], actual);
        var isCurrent = CryptographicOperations.FixedTimeEquals(actual, hash ?? NoHash) && hash is not null;
        var isPrevious = CryptographicOperations.FixedTimeEquals(actual, previous ?? NoHash) && previous is not null;
        return isCurrent | isPrevious;
    }

    /// <summary>Hash of an id that a client gave, different for every tenant: 32 hex digits.</summary>
    public string Pseudonym(string tenantId, string id)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_pepper, Encoding.UTF8.GetBytes($"{tenantId}\n{id}"), hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
