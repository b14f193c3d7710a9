using System.Net;
using Google.Protobuf.Collections;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using ClientKey = Orchestration.Gateway.Data.ClientKey;

namespace Orchestration.Gateway.Tenants;

/// <summary>Rows of keys: what may be asked of them, and how they change.</summary>
internal static class KeyRows
{
    private const int MostImported = 500;
    private const int HashDigits = 64;

    public static Failure? Check(CreateKeyRequest request, DateTimeOffset now) =>
        AccountChecks.Name(request.Name)
        ?? CheckRights(request.Scopes, request.Models, request.Networks, request.Limits)
        ?? AccountChecks.Times(request.NotBefore, request.ExpiresAt, now);

    public static Failure? Check(ImportKeysRequest request, DateTimeOffset now)
    {
        if (request.Keys.Count is 0 or > MostImported)
            return Failures.Invalid("invalid_keys", "There are 1 to 500 keys in one import.", "keys");
        foreach (var key in request.Keys)
        {
            if (key.Sha256.Length != HashDigits || !key.Sha256.All(char.IsAsciiHexDigit))
                return Failures.Invalid("invalid_hash", "A hash has 64 hex digits: the SHA-256 of the whole key.", "keys");
            if ((AccountChecks.Name(key.Name) ?? CheckRights(key.Scopes, key.Models, key.Networks, key.Limits) ?? AccountChecks.Times(null, key.ExpiresAt, now)) is { } refused)
                return refused;
        }

        return request.Keys.DistinctBy(key => key.Sha256.ToLowerInvariant()).Count() == request.Keys.Count
            ? null
            : Failures.Invalid("invalid_keys", "A hash stands there twice.", "keys");
    }

    public static Failure? Check(UpdateKeyRequest request, DateTimeOffset now)
    {
        if (request.Scopes is { Values.Count: 0 })
            return Failures.Invalid("invalid_scopes", "A key keeps at least one scope. To end it, revoke it.", "scopes");
        if (request.NoExpiry && request.ExpiresAt is not null)
            return Failures.Invalid("invalid_expiry", "Either 'expires_at' or 'no_expiry'.", "no_expiry");
        return (request.HasName ? AccountChecks.Name(request.Name) : null)
            ?? CheckRights(request.Scopes?.Values ?? [], request.Models?.Values ?? [], request.Networks?.Values ?? [], request.Limits?.Limits ?? [])
            ?? AccountChecks.Times(null, request.ExpiresAt, now);
    }

    public static Failure? Check(RotateKeyRequest request) => request.Overlap?.ToTimeSpan() is null or { Ticks: >= 0 and <= 7 * TimeSpan.TicksPerDay }
        ? null
        : Failures.Invalid("invalid_overlap", "The old secret may open for at most 7 more days.", "overlap");

    public static Failure? CannotRotate(ClientKey row)
    {
        if (row.Status != KeyStatus.Active)
            return Failures.Invalid("key_revoked", "A revoked key gets no new secret.", "key_id");
        return row.Imported
            ? Failures.Invalid("key_imported", "A key of another gateway has no secret of ours. Make a new key instead.", "key_id")
            : null;
    }

    public static ClientKey Of(CreateKeyRequest request, string publicId, byte[] hash, string createdBy, DateTimeOffset now) => new()
    {
        TenantId = request.TenantId,
        PublicId = publicId,
        ProjectId = request.ProjectId,
        Name = request.Name,
        SecretHash = hash,
        PepperVersion = SecretHasher.PepperVersion,
        Status = KeyStatus.Active,
        Scopes = ScopesOf(request.Scopes),
        Models = [.. request.Models],
        Networks = NetworksOf(request.Networks),
        Limits = LimitMapping.ToRules(request.Limits),
        Version = 1,
        CreatedAt = now,
        CreatedBy = createdBy,
        NotBefore = request.NotBefore?.ToDateTimeOffset(),
        ExpiresAt = request.ExpiresAt?.ToDateTimeOffset(),
    };

    public static ClientKey Of(ImportKeysRequest request, ImportedKey key, string publicId, byte[] hash, string createdBy, DateTimeOffset now) => new()
    {
        TenantId = request.TenantId,
        PublicId = publicId,
        ProjectId = request.ProjectId,
        Name = key.Name,
        SecretHash = hash,
        PepperVersion = SecretHasher.PepperVersion,
        Imported = true,
        Status = KeyStatus.Active,
        Scopes = ScopesOf(key.Scopes),
        Models = [.. key.Models],
        Networks = NetworksOf(key.Networks),
        Limits = LimitMapping.ToRules(key.Limits),
        Version = 1,
        CreatedAt = now,
        CreatedBy = createdBy,
        ExpiresAt = key.ExpiresAt?.ToDateTimeOffset(),
    };

    public static Failure? Apply(UpdateKeyRequest request, ClientKey row)
    {
        if (row.Status != KeyStatus.Active)
            return Failures.Invalid("key_revoked", "A revoked key does not change any more.", "key_id");
        if (request.HasName)
            row.Name = request.Name;
        if (request.Scopes is { } scopes)
            row.Scopes = [.. scopes.Values];
        if (request.Models is { } models)
            row.Models = [.. models.Values];
        if (request.Networks is { } networks)
            row.Networks = NetworksOf(networks.Values);
        if (request.Limits is { } limits)
            row.Limits = LimitMapping.ToRules(limits.Limits);
        if (request.NoExpiry || request.ExpiresAt is not null)
            row.ExpiresAt = request.ExpiresAt?.ToDateTimeOffset();
        return null;
    }

    public static void Rotate(ClientKey row, byte[] hash, DateTimeOffset now, TimeSpan overlap)
    {
        var keepsOld = overlap > TimeSpan.Zero;
        row.PreviousSecretHash = keepsOld ? row.SecretHash : null;
        row.PreviousPepperVersion = keepsOld ? row.PepperVersion : null;
        row.PreviousExpiresAt = keepsOld ? now + overlap : null;
        row.SecretHash = hash;
        row.PepperVersion = SecretHasher.PepperVersion;
    }

    public static Failure? Revoke(ClientKey row, DateTimeOffset now)
    {
        row.RevokedAt ??= now;
        row.Status = KeyStatus.Revoked;
        row.PreviousSecretHash = null;
        row.PreviousPepperVersion = null;
        row.PreviousExpiresAt = null;
        return null;
    }

    private static string[] ScopesOf(RepeatedField<string> scopes) => scopes.Count == 0 ? [.. KeyScopes.All] : [.. scopes];

    // With the address of the network in place of one in it.
    private static string[] NetworksOf(RepeatedField<string> networks) => [.. networks.Select(network => IPNetwork.Parse(network).ToString())];

    private static Failure? CheckRights(RepeatedField<string> scopes, RepeatedField<string> models, RepeatedField<string> networks, RepeatedField<Limit> limits) =>
        AccountChecks.Scopes(scopes) ?? AccountChecks.Models(models) ?? AccountChecks.Networks(networks) ?? LimitMapping.Check(limits, "limits");
}
