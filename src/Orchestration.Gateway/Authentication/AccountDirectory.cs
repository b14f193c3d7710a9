using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Authentication;

/// <summary>Keys and tenants, remembered for seconds and for longer while the database is away.</summary>
internal sealed class AccountDirectory
{
    // No public id has it, so that neither kind of name can stand for the other.
    private const string HashPrefix = "sha256:";

    private readonly IDbContextFactory<GatewayDbContext> _contexts;
    private readonly LookupCache<KeyRecord> _keys;

    // By which hash a key of another gateway is remembered.
    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly LookupCache<TenantRecord> _tenants;

    public AccountDirectory(IDbContextFactory<GatewayDbContext> contexts, IOptions<KeyOptions> options, TimeProvider timeProvider)
    {
        _contexts = contexts;
        _keys = new LookupCache<KeyRecord>(LoadKeyAsync, options.Value, timeProvider);
        _tenants = new LookupCache<TenantRecord>(LoadTenantAsync, options.Value, timeProvider);
    }

    public ValueTask<Lookup<KeyRecord>> FindKeyAsync(string publicId, CancellationToken cancellationToken) =>
        _keys.GetAsync(publicId, cancellationToken);

    /// <summary>A key of another gateway by the hash that is stored of it.</summary>
    public ValueTask<Lookup<KeyRecord>> FindImportedKeyAsync(byte[] hash, CancellationToken cancellationToken) =>
        _keys.GetAsync(HashPrefix + Convert.ToHexString(hash), cancellationToken);

    /// <summary>True when looking up this key costs no question to the database that only a stranger would cause.</summary>
    public bool KnowsKey(string publicId) => _keys.Knows(publicId);

    /// <summary>The same for a key of another gateway.</summary>
    public bool KnowsImportedKey(byte[] hash) => _keys.Knows(HashPrefix + Convert.ToHexString(hash));

    /// <summary>A tenant as the account of work that other services do for it.</summary>
    public ValueTask<Lookup<TenantRecord>> FindTenantAsync(string tenantId, CancellationToken cancellationToken) =>
        _tenants.GetAsync(tenantId, cancellationToken);

    /// <summary>Drops what a change of a key makes untrue. A key of another gateway is known by its hash, which the change does not tell.</summary>
    public void ForgetKey(string publicId)
    {
        _keys.Forget(publicId);
        _keys.ForgetUnknown();
        _keys.DoubtRunning((id, key) => id.StartsWith(HashPrefix, StringComparison.Ordinal) && (key is null || key.Caller.KeyId == publicId));
        if (_hashes.TryRemove(publicId, out var hash))
            _keys.Forget(hash);
    }

    /// <summary>Drops what a change of a project makes untrue.</summary>
    public void ForgetProject(string tenantId, string projectId) =>
        _keys.ForgetWhere(key => key.Caller.TenantId == tenantId && key.Caller.ProjectId == projectId);

    /// <summary>Drops what a change of a tenant makes untrue.</summary>
    public void ForgetTenant(string tenantId)
    {
        _tenants.Forget(tenantId);
        _keys.ForgetWhere(key => key.Caller.TenantId == tenantId);
    }

    /// <summary>Drops everything: nobody knows what has changed.</summary>
    public void ForgetAll()
    {
        _tenants.ForgetAll();
        _keys.ForgetAll();
    }

    private async Task<KeyRecord?> LoadKeyAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var keys = context.ClientKeys.AsNoTracking();
        if (id.StartsWith(HashPrefix, StringComparison.Ordinal))
        {
            var hash = Convert.FromHexString(id.AsSpan(HashPrefix.Length));
            keys = keys.Where(key => key.Imported && key.SecretHash == hash);
        }
        else
        {
            keys = keys.Where(key => !key.Imported && key.PublicId == id);
        }

        var row = await keys
            .Join(context.Tenants, key => key.TenantId, tenant => tenant.TenantId, (key, tenant) => new { key, tenant })
            .Join(context.Projects, row => new { row.key.TenantId, row.key.ProjectId }, project => new { project.TenantId, project.ProjectId }, (row, project) => new { row.key, row.tenant, project })
            .SingleOrDefaultAsync(cancellationToken);
        if (row is null)
            return null;
        if (row.key.Imported)
            _hashes[row.key.PublicId] = id;
        return RecordOf(row.key, row.project, row.tenant);
    }

    private static KeyRecord RecordOf(ClientKey key, Project project, Tenant tenant)
    {
        var caller = new Caller(key.TenantId, key.ProjectId, key.PublicId, tenant.Currency, Purpose.Unspecified)
        {
            Access = new KeyAccess(key.Scopes, key.Models, key.Networks),
            Limits = new AccountLimits(key.Limits, project.Limits, tenant.Limits, project.EndUserLimits),
            CaptureDays = tenant.CaptureDays,
        };
        return new KeyRecord(caller, key.SecretHash, key.Status, key.NotBefore, key.ExpiresAt)
        {
            PreviousSecretHash = key.PreviousSecretHash,
            PreviousExpiresAt = key.PreviousExpiresAt,
            Imported = key.Imported,
            ProjectSuspended = project.Status != AccountStatus.Active,
            TenantSuspended = tenant.Status != AccountStatus.Active,
        };
    }

    private async Task<TenantRecord?> LoadTenantAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var tenant = await context.Tenants.AsNoTracking().SingleOrDefaultAsync(tenant => tenant.TenantId == tenantId, cancellationToken);
        if (tenant is null)
            return null;
        var caller = new Caller(tenantId, Seeding.ProjectId, "", tenant.Currency, Purpose.Unspecified) { Limits = AccountLimits.None with { Tenant = tenant.Limits } };
        return new TenantRecord(caller, tenant.Status != AccountStatus.Active);
    }
}
