using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>Walks the candidates of one plan: which is asked next, and what the client is told when none is left.</summary>
internal sealed class CandidateChain : IDisposable
{
    private readonly ExecutionOrder _order;
    private readonly CandidatePreparation _preparation;
    private readonly DeploymentStates _health;
    private readonly RetryBudget _retries;
    private readonly TimeProvider _time;
    private readonly CandidateOrder _walk;
    private readonly CandidateTaking _taking;
    private readonly RestingCandidates _resting;
    private readonly Dictionary<string, long> _askedAt = new(StringComparer.Ordinal);
    private readonly HashSet<Candidate> _askedBeside = new(ReferenceEqualityComparer.Instance);
    private readonly TriedKeys _triedKeys = new();
    private readonly List<KeyLease> _leases = [];
    private Candidate? _again;
    private Failure? _lastFailure;
    private Failure? _unusable;
    private int _position;
    private int _attempts;
    private int _contextAbove;
    private bool _retried;
    private bool _stopped;
    private bool _tooDear;

    public CandidateChain(
        ExecutionOrder order,
        CandidatePreparation preparation,
        DeploymentStates health,
        RetryBudget retries,
        SpendingLimit spending,
        long maxOutputTokens,
        TimeProvider time)
    {
        (_order, _preparation, _health, _retries, _time) = (order, preparation, health, retries, time);
        _walk = CandidateOrder.Of(order.Plan.Candidates, health);
        _taking = new CandidateTaking(order, preparation, health, spending, _walk, maxOutputTokens);
        _resting = new RestingCandidates(health, order.Limits.Total, time);
    }

    /// <summary>The place in the walk of the attempt that was handed out last.</summary>
    public AttemptTurn Turn(PreparedCandidate candidate) =>
        new(_attempts - 1, AskedAt(candidate), Math.Min(UsableLeft(), _order.Limits.MaxAttempts - _attempts));

    private PreparedCandidate? Next()
    {
        if (_stopped || _attempts >= _order.Limits.MaxAttempts) return null;
        var candidate = (_again is { } again ? Usable(again) : null) ?? NextUsable();
        _again = null;
        return candidate is null ? null : HandOut(candidate);
    }

    /// <summary>The candidate to ask now, after a short wait if the last ones left rest for a moment only; null when the request has failed.</summary>
    /// <param name="left">Cancelled when nobody waits any more.</param>
    public async ValueTask<PreparedCandidate?> NextAsync(CancellationToken left)
    {
        while (true)
        {
            if (Next() is { } candidate) return candidate;
            if (_stopped || _attempts >= _order.Limits.MaxAttempts || _resting.WorthWaitingFor() is not { } soon) return null;
            await Task.Delay(soon.Wait, _time, left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (left.IsCancellationRequested) return null;
            if (AfterRest(soon.Candidate) is not { } rested) continue;
            return HandOut(rested);
        }
    }

    /// <summary>A candidate to ask beside the one that is silent, never its deployment; null when there is none now.</summary>
    /// <param name="afford">Says whether it can be paid beside the other; a no ends the search.</param>
    /// <remarks>Whom this passes over stays in the walk: it may well be asked once the silent one has failed.</remarks>
    public PreparedCandidate? NextBeside(Func<PreparedCandidate, bool> afford)
    {
        if (_stopped || _again is not null || _attempts >= _order.Limits.MaxAttempts) return null;
        foreach (var candidate in _walk.Candidates.Skip(_position).Where(MayBeAsked))
        {
            if (_askedAt.ContainsKey(candidate.Deployment.Id)) continue;
            switch (_taking.Take(candidate, _triedKeys.At(candidate.Deployment.Id), afford))
            {
                case Taking.Taken taken:
                    _askedBeside.Add(candidate);
                    return HandOut(taken.Candidate);
                case Taking.Declined:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The candidate that was handed out last cannot be asked after all; that was no attempt.</summary>
    public void Unusable(Failure failure)
    {
        _attempts--;
        _unusable = failure;
        _leases[^1].Dispose();
    }

    /// <summary>Takes note of an attempt that was answered.</summary>
    public void Succeeded(PreparedCandidate candidate, TimeSpan? firstToken = null) =>
        _health.Succeeded(candidate.Deployment.Id, AskedAt(candidate), firstToken);

    /// <summary>Takes note of an answer that broke after its commit point: nothing follows, but it says something about the deployment.</summary>
    public void Broke(PreparedCandidate candidate, Failure failure) => _health.Failed(candidate.Deployment.Id, failure, AskedAt(candidate));

    /// <summary>Takes note of an attempt that failed before its commit point.</summary>
    /// <returns>How long to wait before the next one.</returns>
    public TimeSpan Failed(PreparedCandidate candidate, Failure failure, bool connectionLost)
    {
        _lastFailure = failure;
        if (TriesAnotherKey(candidate, failure)) return TimeSpan.Zero;
        _triedKeys.Forget(candidate.Deployment.Id);
        var rule = FailoverRule.For(failure.FailureClass);
        var follows = failure.Code != "total_deadline" && MayFollow(rule.Next, candidate);
        // A pooled connection that the provider closed just as it was used says nothing about the provider.
        if (follows && connectionLost && Retry(candidate)) return TimeSpan.Zero;
        if (OfDeployment(candidate, failure) is { } own) _health.Failed(candidate.Deployment.Id, own, AskedAt(candidate));
        if (rule.Cooldown == Cooldown.None) _resting.SomethingElseFailed();
        else _resting.Add(candidate.Candidate);
        if (!follows)
        {
            _stopped = true;
            return TimeSpan.Zero;
        }

        if (rule.RetrySame && rule.Cooldown == Cooldown.None && UsableLeft() == 0 && Retry(candidate))
            return TimeSpan.FromMilliseconds(Random.Shared.Next(50, 250));
        return TimeSpan.Zero;
    }

    /// <summary>Why the request failed.</summary>
    public Failure Failure() =>
        _resting.AllLimited ? ExecutionFailures.AllCooling(_resting.Shortest)
        : _lastFailure is { } last ? last
        : _tooDear ? ExecutionFailures.CostCeiling()
        : _resting.AnyEjected ? ExecutionFailures.AllFailing(_resting.Shortest)
        : _unusable ?? ExecutionFailures.Internal();

    /// <summary>Gives back every key that no verdict gave back.</summary>
    public void Dispose()
    {
        foreach (var lease in _leases) lease.Dispose();
    }

    private PreparedCandidate HandOut(PreparedCandidate candidate)
    {
        _attempts++;
        _askedAt[candidate.Deployment.Id] = _time.GetTimestamp();
        _leases.Add(candidate.Key);
        _resting.Drop(candidate.Candidate);
        return candidate;
    }

    private PreparedCandidate? NextUsable()
    {
        while (_position < _walk.Candidates.Count)
        {
            var candidate = _walk.Candidates[_position++];
            if (MayBeAsked(candidate) && Usable(candidate) is { } usable) return usable;
        }

        return null;
    }

    private bool MayBeAsked(Candidate candidate) =>
        !_askedBeside.Contains(candidate) && (candidate.Deployment.ContextWindow <= 0 || candidate.Deployment.ContextWindow > _contextAbove);

    private PreparedCandidate? Usable(Candidate candidate) => Noted(candidate, _taking.Take(candidate, _triedKeys.At(candidate.Deployment.Id)));

    // Asking the same deployment again is a repeat, which the budget bounds; only one that is really made costs a token.
    private PreparedCandidate? AfterRest(Candidate candidate)
    {
        var id = candidate.Deployment.Id;
        var taking = _taking.Take(candidate, _triedKeys.At(id), _ => !_askedAt.ContainsKey(id) || _retries.TryTake());
        if (taking is not Taking.Resting) _resting.Drop(candidate);
        return Noted(candidate, taking);
    }

    private PreparedCandidate? Noted(Candidate candidate, Taking taking)
    {
        switch (taking)
        {
            case Taking.Taken taken:
                return taken.Candidate;
            case Taking.Resting resting:
                _resting.Add(candidate, resting.KeysRest);
                break;
            case Taking.Unusable unusable:
                _unusable = unusable.Failure;
                break;
            case Taking.TooDear:
                _tooDear = true;
                break;
            case Taking.Ejected:
                _resting.AddEjected(candidate);
                break;
        }

        return null;
    }

    // What one key of the vendor may not do another may, and the deployment itself is well.
    private bool TriesAnotherKey(PreparedCandidate candidate, Failure failure)
    {
        var (id, key) = (candidate.Deployment.Id, candidate.Key.KeyId);
        if (!KeyVerdicts.AnotherKeyMayDo(failure.FailureClass) || key.Length == 0) return false;
        if (failure.FailureClass is FailureClass.ProviderAuth or FailureClass.ProviderBalance) _triedKeys.Refused(key);
        if (!_preparation.HasAnotherKey(candidate, new HashSet<string>(_triedKeys.At(id)) { key })) return false;
        _triedKeys.Add(id, key);
        _again = candidate.Candidate;
        return true;
    }

    // A limit that one key ran into rests the deployment, here and in other replicas, only until its pool has a key again.
    private Failure? OfDeployment(PreparedCandidate candidate, Failure failure)
    {
        if (candidate.Key.KeyId.Length == 0 || !KeyVerdicts.AnotherKeyMayDo(failure.FailureClass)) return failure;
        if (_preparation.KeysRest(candidate) is not { } wait || wait <= TimeSpan.Zero) return null;
        var own = failure.Clone();
        own.RetryAfter = Duration.FromTimeSpan(wait);
        return own;
    }

    private bool MayFollow(NextCandidate next, PreparedCandidate failed)
    {
        if (next == NextCandidate.LargerContext) _contextAbove = Math.Max(_contextAbove, failed.Deployment.ContextWindow);
        return next switch
        {
            NextCandidate.Any => true,
            NextCandidate.LargerContext => failed.Deployment.ContextWindow > 0 && !_order.Limits.RefuseLargerContext,
            NextCandidate.IfRouteAllows => _order.Limits.FailoverOnContentFilter,
            _ => false,
        };
    }

    private long AskedAt(PreparedCandidate candidate) => _askedAt.GetValueOrDefault(candidate.Deployment.Id, long.MaxValue);

    private int UsableLeft() =>
        _walk.Candidates.Skip(_position).Count(c => MayBeAsked(c) && _health.Resting(c.Deployment.Id) == TimeSpan.Zero && !_walk.IsEjected(c));

    private bool Retry(PreparedCandidate candidate)
    {
        if (_retried || _attempts >= _order.Limits.MaxAttempts || !_retries.TryTake()) return false;
        _retried = true;
        _again = candidate.Candidate;
        return true;
    }
}

/// <summary>Where an attempt stands among those of its request.</summary>
/// <param name="Ordinal">Its number, from 0.</param>
/// <param name="AskedAt">Timestamp at which it was handed out; its identity where its deployment is judged.</param>
/// <param name="Followers">Candidates that may still be asked when it fails.</param>
internal readonly record struct AttemptTurn(int Ordinal, long AskedAt, int Followers);
