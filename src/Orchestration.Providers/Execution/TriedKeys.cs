namespace Orchestration.Providers.Execution;

/// <summary>
/// Keys that one request has failed with. A limit or a missing permission stands between a key and one deployment, so it counts there
/// only; a key that is refused or empty is of no use anywhere.
/// </summary>
internal sealed class TriedKeys
{
    private static readonly IReadOnlySet<string> None = new HashSet<string>();
    private readonly Dictionary<string, HashSet<string>> _at = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>Keys that a deployment is not asked with.</summary>
    public IReadOnlySet<string> At(string deployment) =>
        !_at.TryGetValue(deployment, out var tried) ? _refused.Count == 0 ? None : _refused
        : _refused.Count == 0 ? tried
        : tried.Union(_refused).ToHashSet(StringComparer.Ordinal);

    public void Add(string deployment, string key)
    {
        if (!_at.TryGetValue(deployment, out var tried)) _at[deployment] = tried = new HashSet<string>(StringComparer.Ordinal);
        tried.Add(key);
    }

    public void Refused(string key) => _refused.Add(key);

    /// <summary>The walk leaves a deployment: should it come back, every key may be tried anew.</summary>
    public void Forget(string deployment) => _at.Remove(deployment);
}
