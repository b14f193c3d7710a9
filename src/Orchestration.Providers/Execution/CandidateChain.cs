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
    private readonly SpendingLimit _spending;
    private readonly long _maxOutputTokens;
    private readonly TimeProvider _time;
    private readonly CandidateOrder _walk;
    private readonly RestingCandidates _resting;
    private readonly Dictionary<string, long> _askedAt = new(StringComparer.Ordinal);
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
        (_order, _preparation, _health, _retries, _spending, _maxOutputTokens, _time) =
            (order, preparation, health, retries, spending, maxOutputTokens, time);
        _walk = CandidateOrder.Of(order.Plan.Candidates, health);
        _resting = new RestingCandidates(health, order.Limits.Total, time);
    }

    /// <summary>Ordinal of the attempt that was handed out last.</summary>
    public int Ordinal => _attempts - 1;

    private PreparedCandidate? Next()
    {
        if (_stopped || _attempts >= _order.Limits.MaxAttempts) return null;
        var candidate = (_again is { } again ? Usable(again) : null) ?? NextUsable(beside: false);
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
            if (_askedAt.ContainsKey(soon.Candidate.Deployment.Id) && !_retries.TryTake()) return null;
            await Task.Delay(soon.Wait, _time, left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (left.IsCancellationRequested) return null;
            if (Usable(soon.Candidate) is { } rested) return HandOut(rested);
        }
    }

    /// <summary>A candidate to ask beside the one that is silent, never its deployment; null when there is none now.</summary>
    public PreparedCandidate? NextBeside()
    {
        if (_stopped || _again is not null || _attempts >= _order.Limits.MaxAttempts) return null;
        return NextUsable(beside: true) is { } candidate ? HandOut(candidate) : null;
    }

    /// <summary>The candidate that was handed out last is not asked now; it stays the next.</summary>
    public void GiveBack(PreparedCandidate candidate)
    {
        _attempts--;
        candidate.Key.Dispose();
        _again = candidate.Candidate;
    }

    /// <summary>The candidate that was handed out last cannot be asked after all; that was no attempt.</summary>
    public void Unusable(Failure failure)
    {
        _attempts--;
        _unusable = failure;
        _leases[^1].Dispose();
    }

    /// <summary>Takes note of an attempt that was answered.</summary>
    public void Succeeded(PreparedCandidate candidate) => _health.Succeeded(candidate.Deployment.Id, AskedAt(candidate));

    /// <summary>Takes note of an answer that broke after its commit point: nothing follows, but it says something about the deployment.</summary>
    public void Broke(PreparedCandidate candidate, Failure failure) => _health.Failed(candidate.Deployment.Id, failure, AskedAt(candidate));

    /// <summary>Takes note of an attempt that failed before its commit point.</summary>
    /// <returns>How long to wait before the next one.</returns>
    public TimeSpan Failed(PreparedCandidate candidate, Failure failure, bool connectionLost)
    {
        _lastFailure = failure;
        if (TriesAnotherKey(candidate, failure)) return TimeSpan.Zero;
        var rule = FailoverRule.For(failure.FailureClass);
        var follows = failure.Code != "total_deadline" && MayFollow(rule.Next, candidate);
        // A pooled connection that the provider closed just as it was used says nothing about the provider.
        if (follows && connectionLost && Retry(candidate)) return TimeSpan.Zero;
        _health.Failed(candidate.Deployment.Id, failure, AskedAt(candidate));
        if (rule.Cooldown == Cooldown.None) _resting.SomethingElseFailed();
        else _resting.Add(candidate.Candidate);
        if (!follows)
        {
            _stopped = true;
            return TimeSpan.Zero;
        }

        if (rule.RetrySame && rule.Cooldown == Cooldown.None && !AnyLeft() && Retry(candidate))
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
        return candidate;
    }

    private long AskedAt(PreparedCandidate candidate) => _askedAt.GetValueOrDefault(candidate.Deployment.Id, long.MaxValue);

    private PreparedCandidate? NextUsable(bool beside)
    {
        while (_position < _walk.Candidates.Count)
        {
            var candidate = _walk.Candidates[_position++];
            if (candidate.Deployment.ContextWindow > 0 && candidate.Deployment.ContextWindow <= _contextAbove) continue;
            if (beside && _askedAt.ContainsKey(candidate.Deployment.Id)) continue;
            if (Usable(candidate) is { } usable) return usable;
        }

        return null;
    }

    private PreparedCandidate? Usable(Candidate candidate)
    {
        if (_health.Resting(candidate.Deployment.Id) > TimeSpan.Zero)
        {
            _resting.Add(candidate);
            return null;
        }

        switch (_preparation.Prepare(candidate, _order.Dimensions.Currency, _triedKeys.For(candidate.Deployment)))
        {
            case Preparation.Ready ready:
                return Leased(ready.Candidate);
            case Preparation.Resting resting:
                _resting.Add(candidate, resting.Wait);
                return null;
            case Preparation.Unusable unusable:
                _unusable = unusable.Failure;
                return null;
            default:
                return null;
        }
    }

    private PreparedCandidate? Leased(PreparedCandidate candidate)
    {
        _leases.Add(candidate.Key);
        if (_spending.IsLimited && !_spending.Allows(candidate.WorstCase(_order.EstimatedInputTokens, _maxOutputTokens))) _tooDear = true;
        else if (_walk.IsEjected(candidate.Candidate) && !_health.TryProbe(candidate.Deployment.Id)) _resting.AddEjected(candidate.Candidate);
        else return candidate;
        candidate.Key.Dispose();
        return null;
    }

    // What one key of the vendor may not do another may, and the deployment itself is well.
    private bool TriesAnotherKey(PreparedCandidate candidate, Failure failure)
    {
        if (!KeyVerdicts.AnotherKeyMayDo(failure.FailureClass) || candidate.Key.KeyId.Length == 0) return false;
        _triedKeys.Add(candidate, failure.FailureClass);
        if (!_preparation.HasAnotherKey(candidate, _triedKeys.For(candidate.Deployment))) return false;
        _again = candidate.Candidate;
        return true;
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

    private bool AnyLeft() =>
        _walk.Candidates.Skip(_position).Any(c => _health.Resting(c.Deployment.Id) == TimeSpan.Zero && !_walk.IsEjected(c));

    private bool Retry(PreparedCandidate candidate)
    {
        if (_retried || _attempts >= _order.Limits.MaxAttempts || !_retries.TryTake()) return false;
        _retried = true;
        _again = candidate.Candidate;
        return true;
    }
}
