using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Authentication;

/// <summary>
/// The end users of a tenant that have limits of their own, all at once: almost no end user has any, and asking for each one that comes by
/// would be a question to the database for every new name.
/// </summary>
internal sealed class EndUserDirectory
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private readonly IDbContextFactory<GatewayDbContext> _contexts;
    private readonly LookupCache<EndUserRules> _tenants;

    public EndUserDirectory(IDbContextFactory<GatewayDbContext> contexts, IOptions<KeyOptions> options, TimeProvider timeProvider)
    {
        _contexts = contexts;
        _tenants = new LookupCache<EndUserRules>(LoadAsync, Patience(options.Value), timeProvider);
    }

    /// <summary>The rules of a tenant's end users. Unavailable while the database is away and nothing is known.</summary>
    public ValueTask<Lookup<EndUserRules>> FindAsync(string tenantId, CancellationToken cancellationToken) => _tenants.GetAsync(tenantId, cancellationToken);

    /// <summary>Drops what a change of an end user makes untrue.</summary>
    public void Forget(string tenantId) => _tenants.Forget(tenantId);

    /// <summary>Drops everything.</summary>
    public void ForgetAll() => _tenants.ForgetAll();

    // Whoever has no answer soon goes on without one, so nobody waits for it as long as for a key; the change log tells of every change.
    private static KeyOptions Patience(KeyOptions keys) => new()
    {
        CacheFor = keys.CacheFor > KeptFor ? keys.CacheFor : KeptFor,
        ServeStaleFor = keys.ServeStaleFor,
        RenewalWait = keys.RenewalWait / 10,
        LookupTimeout = keys.LookupTimeout / 4,
        MaxCached = keys.MaxCached,
    };

    private async Task<EndUserRules?> LoadAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.EndUserLimits.AsNoTracking().Where(limit => limit.TenantId == tenantId).ToListAsync(cancellationToken);
        return new EndUserRules(rows.ToFrozenDictionary(row => row.EndUser, row => new EndUserRule(row.Blocked, row.Limits), StringComparer.Ordinal));
    }
}

/// <summary>End users with rules of their own, by the hash of their id.</summary>
internal sealed record EndUserRules(FrozenDictionary<string, EndUserRule> ByHash);

/// <summary>What one end user may do in place of what the project says for each of them.</summary>
internal sealed record EndUserRule(bool Blocked, IReadOnlyList<LimitRule> Limits);
