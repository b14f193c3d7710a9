using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Authentication;

/// <summary>Keys and tenants, remembered for seconds and for longer while the database is away.</summary>
internal sealed class AccountDirectory
{
    private readonly IDbContextFactory<GatewayDbContext> _contexts;
    private readonly LookupCache<KeyRecord> _keys;
    private readonly LookupCache<Caller> _tenants;

    public AccountDirectory(IDbContextFactory<GatewayDbContext> contexts, IOptions<KeyOptions> options, TimeProvider timeProvider)
    {
        _contexts = contexts;
        _keys = new LookupCache<KeyRecord>(LoadKeyAsync, options.Value, timeProvider);
        _tenants = new LookupCache<Caller>(LoadTenantAsync, options.Value, timeProvider);
    }

    public ValueTask<Lookup<KeyRecord>> FindKeyAsync(string publicId, CancellationToken cancellationToken) =>
        _keys.GetAsync(publicId, cancellationToken);

    /// <summary>A tenant as the account of work that other services do for it.</summary>
    public ValueTask<Lookup<Caller>> FindTenantAsync(string tenantId, CancellationToken cancellationToken) =>
        _tenants.GetAsync(tenantId, cancellationToken);

    private async Task<KeyRecord?> LoadKeyAsync(string publicId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.ClientKeys.AsNoTracking()
            .Where(key => key.PublicId == publicId)
            .Join(context.Tenants, key => key.TenantId, tenant => tenant.TenantId, (key, tenant) => new { key, tenant.Currency })
            .SingleOrDefaultAsync(cancellationToken);
        return row is null
            ? null
            : new KeyRecord(
                new Caller(row.key.TenantId, row.key.ProjectId, row.key.PublicId, row.Currency, Purpose.Unspecified),
                row.key.SecretHash,
                row.key.Status,
                row.key.NotBefore,
                row.key.ExpiresAt);
    }

    private async Task<Caller?> LoadTenantAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var currency = await context.Tenants.AsNoTracking()
            .Where(tenant => tenant.TenantId == tenantId)
            .Select(tenant => tenant.Currency)
            .SingleOrDefaultAsync(cancellationToken);
        return currency is null ? null : new Caller(tenantId, Seeding.ProjectId, "", currency, Purpose.Unspecified);
    }
}
