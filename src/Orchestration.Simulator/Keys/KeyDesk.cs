using System.Collections.Concurrent;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Keys;

/// <summary>Regions, balances and states of keys, as set by administrative calls.</summary>
internal sealed class KeyDesk
{
    private static readonly KeyRule Usual = new(new Dictionary<string, string> { ["cn-"] = "cn", ["intl-"] = "intl" });
    private readonly ConcurrentDictionary<(string Vendor, string Key), Account> _accounts = [];
    private readonly ConcurrentDictionary<string, KeyRule> _rules = [];

    public void Set(string vendor, string key, VendorKey known) => _accounts[(vendor, key)] = new Account(known);

    public bool Remove(string vendor, string key) => _accounts.TryRemove((vendor, key), out _);

    public void Clear()
    {
        _accounts.Clear();
        _rules.Clear();
    }

    public void SetRule(string vendor, KeyRule rule) => _rules[vendor] = rule;

    public VendorKey? Find(string vendor, string key) => _accounts.GetValueOrDefault((vendor, key))?.Key;

    public KeyListing List(string vendor) => new(
        _accounts.Where(account => account.Key.Vendor == vendor).ToDictionary(account => account.Key.Key, account => account.Value.Key));

    /// <summary>Why a key is refused at an endpoint; null when it is not.</summary>
    public string? Refusal(string vendor, string key, string? region)
    {
        var known = Find(vendor, key);
        if (region is not null && (known?.Region ?? RegionOf(vendor, key)) is { } own && own != region)
            return ErrorClass.Region;
        return known switch
        {
            { Disabled: true } => ErrorClass.Disabled,
            { Forbidden: true } => ErrorClass.Permission,
            { Balance: <= 0 } => ErrorClass.Balance,
            _ => null,
        };
    }

    /// <summary>Takes one of the requests that the key may have at a time.</summary>
    public bool TryBegin(string vendor, string key) => _accounts.GetValueOrDefault((vendor, key))?.TryBegin() ?? true;

    public void End(string vendor, string key, decimal cost) => _accounts.GetValueOrDefault((vendor, key))?.End(cost);

    private string? RegionOf(string vendor, string key)
    {
        foreach (var (prefix, region) in _rules.GetValueOrDefault(vendor, Usual).Prefixes)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                return region;
        }
        return null;
    }

    private sealed class Account(VendorKey key)
    {
        private readonly Lock _lock = new();
        private VendorKey _key = key;
        private int _running;

        public VendorKey Key
        {
            get
            {
                lock (_lock)
                    return _key;
            }
        }

        public bool TryBegin()
        {
            lock (_lock)
            {
                if (_running >= _key.Concurrency)
                    return false;
                _running++;
                return true;
            }
        }

        public void End(decimal cost)
        {
            lock (_lock)
            {
                _running--;
                _key = _key with { Balance = _key.Balance - cost };
            }
        }
    }
}
