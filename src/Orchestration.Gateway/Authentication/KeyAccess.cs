using System.Net;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Authentication;

/// <summary>What a key may do and from where; made once when the key is looked up.</summary>
internal sealed class KeyAccess
{
    private const char Any = '*';

    /// <summary>Of another service of the system, which acts for a tenant and not by a key.</summary>
    public static readonly KeyAccess Full = new(KeyScopes.All, [], []);

    private readonly HashSet<string> _scopes;
    private readonly string[] _models;
    private readonly IPNetwork[] _networks;

    public KeyAccess(IEnumerable<string> scopes, IEnumerable<string> models, IEnumerable<string> networks)
    {
        _scopes = new HashSet<string>(scopes, StringComparer.Ordinal);
        _models = [.. models.Select(model => model.ToLowerInvariant())];
        _networks = [.. networks.Select(network => IPNetwork.Parse(network))];
    }

    /// <summary>True when the key may be used for something; a scope of one collection is held by that of every collection, too.</summary>
    public bool Allows(string scope) =>
        _scopes.Contains(scope) || (scope.IndexOf(':') is var colon and > 0 && _scopes.Contains(string.Concat(scope.AsSpan(0, colon + 1), [Any])));

    /// <summary>True when a request may come from an address.</summary>
    public bool AllowsAddress(IPAddress? address)
    {
        if (_networks.Length == 0)
            return true;
        if (address is null)
            return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_networks, network => network.Contains(plain));
    }

    /// <summary>
    /// True when a name may be asked for: it, or what it stands for, is on the list under any of its names. So another spelling, an alias or
    /// a retired id neither opens nor closes anything.
    /// </summary>
    public bool AllowsModel(string requested, RoutingSnapshot snapshot)
    {
        if (_models.Length == 0)
            return true;
        var name = requested.ToLowerInvariant();
        var route = snapshot.FindName(name)?.Route.ToLowerInvariant() ?? name;
        return Array.Exists(_models, model => model.EndsWith(Any)
            ? Begins(name, model) || Begins(route, model)
            : model == name || model == route || string.Equals(snapshot.FindName(model)?.Route, route, StringComparison.OrdinalIgnoreCase));
    }

    private static bool Begins(string name, string pattern) => name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal);
}
