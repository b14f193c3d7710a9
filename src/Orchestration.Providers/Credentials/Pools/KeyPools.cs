using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Data;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials.Pools;

/// <summary>All keys, by vendor and region. Stored keys come before those of the environment.</summary>
internal sealed class KeyPools
{
    private static readonly Secret Simulated = new("simulated");
    private static readonly IReadOnlyList<KeyFacts> NoKeys = [];

    private readonly ConcurrentDictionary<(string Provider, string Region), KeyPool> _pools = new();
    private readonly Dictionary<(string Provider, string Region), KeyFacts> _environment;
    private readonly VendorProfiles _profiles;
    private readonly IOptions<CredentialOptions> _options;
    private readonly KeyChanges _changes;
    private readonly TimeProvider _time;

    public KeyPools(VendorProfiles profiles, IConfiguration configuration, IOptions<CredentialOptions> options, KeyChanges changes, TimeProvider time)
    {
        (_profiles, _options, _changes, _time) = (profiles, options, changes, time);
        _environment = EnvironmentKeys(configuration).ToDictionary(k => (k.Provider, k.Region));
        ReplaceStored(NoKeys);
    }

    /// <summary>A key for a deployment.</summary>
    public KeyAcquisition Acquire(Deployment deployment, IReadOnlySet<string> tried)
    {
        if (deployment.Simulated) return new KeyAcquisition.Granted(KeyLease.Free(Simulated));
        if (PoolOf(deployment) is { IsEmpty: false } pool) return pool.Acquire(deployment.UpstreamModel, tried);
        return _profiles.For(deployment.Provider).Authorization.Required
            ? new KeyAcquisition.Unusable(ExecutionFailures.NoCredential(deployment.Provider))
            : new KeyAcquisition.Granted(KeyLease.Free(Secret.None));
    }

    /// <summary>True when the deployment could be asked at once with a key that was not tried.</summary>
    public bool HasAnother(Deployment deployment, IReadOnlySet<string> tried) =>
        !deployment.Simulated && PoolOf(deployment)?.HasReady(deployment.UpstreamModel, tried) == true;

    /// <summary>Time until a key for the deployment is ready; null when one is, or when waiting does not help.</summary>
    public TimeSpan? RestFor(Deployment deployment) =>
        deployment.Simulated ? null : PoolOf(deployment)?.RestFor(deployment.UpstreamModel);

    public KeyPool? Find(string provider, string region) => _pools.GetValueOrDefault((provider, region));

    /// <summary>Takes the stored keys as they are now.</summary>
    public void ReplaceStored(IReadOnlyList<KeyFacts> stored)
    {
        var byScope = stored.Select(WithLevel).ToLookup(k => (k.Provider, k.Region));
        var scopes = byScope.Select(g => g.Key).Concat(_pools.Keys).Concat(Endpoints().Select(e => (e.Profile.Provider, e.Endpoint.Region))).Distinct();
        foreach (var scope in scopes.ToList())
        {
            var pool = _pools.GetOrAdd(scope, s => NewPool(s.Provider, s.Region));
            pool.Replace(byScope.Contains(scope) ? [.. byScope[scope]] : _environment.TryGetValue(scope, out var key) ? [key] : NoKeys);
        }

        _changes.Signal.Raise();
    }

    /// <summary>Every key with its place; keys of the environment that stored ones stand before are not in use.</summary>
    public IEnumerable<(KeyView Key, bool InUse)> Views() => _pools.OrderBy(p => p.Key).SelectMany(p =>
    {
        var views = p.Value.Views();
        var hidden = views.Any(v => v.Facts.IsStored) && _environment.TryGetValue(p.Key, out var key)
            ? [(new KeyView(key, 0, 0, null), false)]
            : Array.Empty<(KeyView, bool)>();
        return views.Select(v => (v, true)).Concat(hidden);
    });

    /// <summary>Which vendors can be used, one entry per vendor and region.</summary>
    /// <remarks>
    /// A vendor whose keys are all refused or parked stays configured: its failure is told, and no simulated answer takes its place.
    /// Only an operator who switches the last key off takes the vendor away.
    /// </remarks>
    public IReadOnlyList<VendorStatus> Statuses() =>
    [
        .. from entry in Endpoints()
           let keys = Find(entry.Profile.Provider, entry.Endpoint.Region)?.Views() ?? []
           select new VendorStatus
           {
               Provider = entry.Profile.Provider,
               Region = entry.Endpoint.Region,
               Configured = keys.Any(k => k.Facts.Status != CredentialStatus.Disabled) || !entry.Profile.Authorization.Required,
               CredentialSource = keys is [var first, ..] ? first.Facts.Source : "",
           },
    ];

    private IEnumerable<(VendorProfile Profile, VendorEndpoint Endpoint)> Endpoints() =>
        _profiles.Vendors.SelectMany(profile => profile.Endpoints.Select(endpoint => (profile, endpoint)));

    // A finer region of a vendor ("us" of one that lists "cn" and "intl") has no key of its own: keys never cross regions.
    private KeyPool? PoolOf(Deployment deployment)
    {
        var endpoints = _profiles.For(deployment.Provider).Endpoints;
        var endpoint = endpoints.FirstOrDefault(e => e.Region == deployment.Region)
            ?? (endpoints.Count > 0 && (endpoints.Count == 1 || deployment.Region.Length == 0) ? endpoints[0] : null);
        return endpoint is null ? null : Find(deployment.Provider, endpoint.Region);
    }

    private KeyFacts WithLevel(KeyFacts key) =>
        key with { BalanceLow = key.Balance?.Amount < (key.BalanceWarning ?? _profiles.For(key.Provider).Balance?.Warning) };

    private KeyPool NewPool(string provider, string region)
    {
        var others = _profiles.For(provider).Endpoints.Select(e => e.Region).Where(r => r != region && r.Length > 0).ToList();
        return new KeyPool(new KeyPoolScope(provider, region, others), _options.Value, _changes, _time);
    }

    private IEnumerable<KeyFacts> EnvironmentKeys(IConfiguration configuration) =>
        from entry in Endpoints()
        let secret = Secret.Parse(configuration[entry.Endpoint.ApiKeyVariable])
        where secret is not null
        select new KeyFacts
        {
            Id = $"environment:{entry.Endpoint.ApiKeyVariable}",
            Provider = entry.Profile.Provider,
            Region = entry.Endpoint.Region,
            Source = KeyFacts.Environment,
            Secret = secret,
            LastFour = secret.LastFour,
            ChangedAt = _time.GetUtcNow(),
        };
}
