using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>The candidates of one request that could not be asked for now, and whether it pays to wait for one of them.</summary>
internal sealed class RestingCandidates(DeploymentStates health, TimeSpan total, TimeProvider time)
{
    private static readonly TimeSpan WorthWaiting = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostWaiting = TimeSpan.FromSeconds(2);
    private readonly long _startedAt = time.GetTimestamp();
    private readonly List<Candidate> _limited = [];
    private readonly List<Candidate> _ejected = [];
    private readonly Dictionary<Candidate, (long Since, TimeSpan Wait)> _keys = [];
    private TimeSpan _waited;
    private bool _somethingElse;

    /// <summary>True when limits of providers are all that stands in the way.</summary>
    public bool AllLimited => _limited.Count > 0 && !_somethingElse;

    public bool AnyEjected => _ejected.Count > 0;

    /// <summary>Time until the first of them may be asked.</summary>
    public TimeSpan Shortest => _limited.Select(Rest).Concat(_ejected.Select(Rest)).DefaultIfEmpty(TimeSpan.Zero).Min();

    public void Add(Candidate candidate)
    {
        if (!_limited.Contains(candidate)) _limited.Add(candidate);
    }

    /// <summary>Every key of the candidate rests or is full.</summary>
    public void Add(Candidate candidate, TimeSpan keysWait)
    {
        Add(candidate);
        _keys[candidate] = (time.GetTimestamp(), keysWait);
    }

    public void AddEjected(Candidate candidate)
    {
        if (!_ejected.Contains(candidate)) _ejected.Add(candidate);
    }

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
        if (rest == TimeSpan.Zero) rest = health.Look(candidate.Deployment.Id).Wait;
        var keys = _keys.TryGetValue(candidate, out var told) ? told.Wait - time.GetElapsedTime(told.Since) : TimeSpan.Zero;
        return keys > rest ? keys : rest;
    }
}
