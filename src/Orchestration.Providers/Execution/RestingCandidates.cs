using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>The candidates of one request that could not be asked for now, and whether it pays to wait for one of them.</summary>
internal sealed class RestingCandidates(DeploymentStates health, TimeSpan total, TimeProvider time)
{
    private static readonly TimeSpan WorthWaiting = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostWaiting = TimeSpan.FromSeconds(2);
    private readonly long _startedAt = time.GetTimestamp();
    private readonly HashSet<Candidate> _limited = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Candidate> _ejected = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Candidate, long> _keysRestUntil = new(ReferenceEqualityComparer.Instance);
    private TimeSpan _waited;
    private bool _somethingElse;

    /// <summary>True when limits of providers are all that stands in the way.</summary>
    public bool AllLimited => _limited.Count > 0 && !_somethingElse;

    public bool AnyEjected => _ejected.Count > 0;

    /// <summary>Time until the first of them may be asked.</summary>
    public TimeSpan Shortest => _limited.Select(Rest).Concat(_ejected.Select(Rest)).DefaultIfEmpty(TimeSpan.Zero).Min();

    /// <summary>Its provider limits it; where only our keys for it rest, for that long.</summary>
    public void Add(Candidate candidate, TimeSpan keysRest = default)
    {
        _limited.Add(candidate);
        if (keysRest > TimeSpan.Zero) _keysRestUntil[candidate] = AttemptClock.Add(time, time.GetTimestamp(), keysRest);
    }

    /// <summary>It is asked now, or something else than a limit stands in its way.</summary>
    public void Drop(Candidate candidate)
    {
        _limited.Remove(candidate);
        _keysRestUntil.Remove(candidate);
    }

    public void AddEjected(Candidate candidate) => _ejected.Add(candidate);

    public void SomethingElseFailed() => _somethingElse = true;

    /// <summary>The candidate whose limit ends next, with the time to wait for it; null when it is too far away or the request's time too short.</summary>
    public (Candidate Candidate, TimeSpan Wait)? WorthWaitingFor()
    {
        if (_limited.Count == 0) return null;
        var first = _limited.MinBy(Rest)!;
        var rest = Rest(first);
        if (rest > WorthWaiting) return null;
        // Those who wait for the same end must not all come at it.
        var wait = rest + (rest * (Random.Shared.NextDouble() * 0.25)) + TimeSpan.FromMilliseconds(Random.Shared.Next(5, 25));
        if (_waited + wait > MostWaiting || time.GetElapsedTime(_startedAt) + wait >= total) return null;
        _waited += wait;
        return (first, wait);
    }

    private TimeSpan Rest(Candidate candidate)
    {
        var rest = health.Resting(candidate.Deployment.Id);
        if (_keysRestUntil.TryGetValue(candidate, out var until) && time.GetElapsedTime(time.GetTimestamp(), until) is var keys && keys > rest) rest = keys;
        return rest > TimeSpan.Zero ? rest : health.Look(candidate.Deployment.Id).Wait;
    }
}
