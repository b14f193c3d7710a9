using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Whose documents a queue message may bring, and into which collection.</summary>
internal sealed record IngestionGrant(string TenantId, string Collection);

/// <summary>
/// Verifies ingestion tokens that the gateway signed: <c>it1.{payload}.{signature}</c>, both base64url, the payload a JSON
/// object of tenant, collection and exp (Unix seconds), the signature HMAC-SHA-256 over "ingestion:it1.{payload}".
/// </summary>
internal sealed class IngestionTokens(IOptions<ServiceIdentityOptions> identity, TimeProvider time)
{
    private readonly byte[] _key = Convert.FromBase64String(identity.Value.SigningKey);

    public IngestionGrant? Verify(string token)
    {
        var parts = token.Split('.');
        if (parts is not ["it1", var payload, var signature] || !IsGenuine($"it1.{payload}", signature))
            return null;

        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
        var expiry = DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64());
        return expiry <= time.GetUtcNow()
            ? null
            : new IngestionGrant(claims.RootElement.GetProperty("tenant").GetString()!, claims.RootElement.GetProperty("collection").GetString()!);
    }

    private bool IsGenuine(string signed, string signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!Base64Url.IsValid(signature, out var length) || length != given.Length)
            return false;

        Base64Url.DecodeFromChars(signature, given);

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes("ingestion:" + signed), expected);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
