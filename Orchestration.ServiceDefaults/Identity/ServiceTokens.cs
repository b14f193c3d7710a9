using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Identity;

/// <summary>Issues and verifies the short-lived, HMAC-signed tokens that services show each other.</summary>
public sealed class ServiceTokens
{
    internal const int MemoLimit = 10_000;
    private const int MacLength = 32;
    private const int MaxTokenLength = 2_048;

    private readonly ConcurrentDictionary<(string TenantId, string Purpose), Issued> _memo = new();
    private readonly ServiceInfo _service;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _lifetime;
    private readonly TimeSpan _skew;
    private readonly byte[] _key;

    /// <summary>Tokens of this service, signed with the shared key.</summary>
    public ServiceTokens(IOptions<ServiceIdentityOptions> options, ServiceInfo service, TimeProvider timeProvider)
    {
        _service = service;
        _timeProvider = timeProvider;
        _lifetime = options.Value.Lifetime;
        _skew = options.Value.ClockSkew;
        // A key of its own, so that no other use of the shared secret can make something that passes for a token.
        var secret = Convert.FromBase64String(options.Value.SigningKey);
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, MacLength, info: "orchestration.service-identity.v1"u8.ToArray());
    }

    /// <summary>A token for this service acting for a tenant; memoised until shortly before it expires.</summary>
    public string Issue(string tenantId, string purpose)
    {
        var now = _timeProvider.GetUtcNow();
        if (_memo.TryGetValue((tenantId, purpose), out var issued) && now < issued.RenewAt && now >= issued.IssuedAt)
        {
            return issued.Token;
        }

        if (_memo.Count >= MemoLimit)
        {
            _memo.Clear();
        }

        issued = new Issued(Sign(tenantId, purpose, now), now, now + (_lifetime * 0.75));
        _memo[(tenantId, purpose)] = issued;
        return issued.Token;
    }

    /// <summary>The caller behind a token, or null when it is malformed, forged or expired.</summary>
    public ServiceCaller? Verify(string token)
    {
        if (token.Length is 0 or > MaxTokenLength)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Base64Url.GetMaxDecodedLength(token.Length)];
        if (!TryDecode(token, bytes, out var length) || length <= MacLength)
        {
            return null;
        }

        var payload = bytes[..(length - MacLength)];
        Span<byte> mac = stackalloc byte[MacLength];
        HMACSHA256.HashData(_key, payload, mac);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[(length - MacLength)..length])
            && ServiceTokenPayload.TryRead(payload, out var content)
            && IsCurrent(content)
            ? new ServiceCaller(content.Service, content.TenantId, content.Purpose)
            : null;
    }

    private static bool TryDecode(string token, Span<byte> bytes, out int length)
    {
        try
        {
            return Base64Url.TryDecodeFromChars(token, bytes, out length);
        }
        catch (FormatException)
        {
            length = 0;
            return false;
        }
    }

    private string Sign(string tenantId, string purpose, DateTimeOffset now)
    {
        var content = new ServiceTokenPayload(_service.Name, tenantId, purpose, now, now + _lifetime);
        var payload = content.Write();
        var signed = new byte[payload.Length + MacLength];
        payload.CopyTo(signed, 0);
        HMACSHA256.HashData(_key, payload, signed.AsSpan(payload.Length));
        return Base64Url.EncodeToString(signed);
    }

    // The lifetime is checked by the reader too: a token must not live longer because its issuer was set up differently.
    private bool IsCurrent(ServiceTokenPayload content)
    {
        var now = _timeProvider.GetUtcNow();
        return content.IssuedAt <= now + _skew
            && now < content.ExpiresAt + _skew
            && content.ExpiresAt - content.IssuedAt <= TimeSpan.FromSeconds(60);
    }

    private sealed record Issued(string Token, DateTimeOffset IssuedAt, DateTimeOffset RenewAt);
}
