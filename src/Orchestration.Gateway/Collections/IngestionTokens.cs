using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Gateway.Collections;

/// <summary>
/// Signs the permission to put documents of one tenant into one collection by queue. The label keeps the shared key's uses apart.
/// </summary>
internal sealed class IngestionTokens(
    IOptions<ServiceIdentityOptions> identity,
    IOptions<GatewayOptions> options,
    TimeProvider timeProvider)
{
    private const string Version = "it1";
    private const string Label = "ingestion:";
    private readonly byte[] _key = Convert.FromBase64String(identity.Value.SigningKey);

    public IngestionToken Issue(string tenantId, string collection)
    {
        var expiresAt = timeProvider.GetUtcNow() + options.Value.IngestionTokenLifetime;
        using var payload = new PooledBuffer(256);
        using (var writer = new Utf8JsonWriter(payload))
        {
            writer.WriteStartObject();
            writer.WriteString("tenant"u8, tenantId);
            writer.WriteString("collection"u8, collection);
            writer.WriteNumber("exp"u8, expiresAt.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        var signed = $"{Version}.{Base64Url.EncodeToString(payload.WrittenMemory.Span)}";
        var mac = HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(Label + signed));
        return new IngestionToken($"{signed}.{Base64Url.EncodeToString(mac)}", DateTimeOffset.FromUnixTimeSeconds(expiresAt.ToUnixTimeSeconds()));
    }
}

/// <summary>A signed token and when it ends.</summary>
internal sealed record IngestionToken(string Token, DateTimeOffset ExpiresAt)
{
    public override string ToString() => nameof(IngestionToken);
}
