using Google.Protobuf.Collections;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>Walks the candidates of one plan: which is asked next, and what the client is told when none is left.</summary>
internal sealed class CandidateChain(
    ExecutionOrder order,
    CandidatePreparation preparation,
    DeploymentCooldowns cooldowns,
    RetryBudget retries,
    SpendingLimit spending,
    long maxOutputTokens) : IDisposable
{
    private readonly RepeatedField<Candidate> _candidates = order.Plan.Candidates;
    private readonly HashSet<string> _triedKeys = new(StringComparer.Ordinal);
    private readonly List<KeyLease> _leases = [];
    private Candidate? _again;
    private Failure? _lastFailure;
    private Failure? _unusable;
    private TimeSpan? _shortestRest;
    private int _position;
    private int _attempts;
    private int _contextAbove;
    private bool _retried;
    private bool _stopped;
    private bool _onlyLimits = true;
    private bool _tooDear;

    /// <summary>Ordinal of the attempt that <see cref="Next"/> returned last.</summary>
    public int Ordinal => _attempts - 1;

    /// <summary>The candidate to ask now; null when the request has failed.</summary>
    public PreparedCandidate? Next()
    {
        if (_stopped || _attempts >= order.Limits.MaxAttempts) return null;
        var candidate = (_again is { } again ? Usable(again) : null) ?? NextUsable();
        _again = null;
        if (candidate is not null) _attempts++;
        return candidate;
    }

    /// <summary>The candidate that was returned last cannot be asked after all; that was no attempt.</summary>
    public void Unusable(Failure failure)
    {
        _attempts--;
        _unusable = failure;
        _leases[^1].Dispose();
    }

    /// <summary>Takes note of an attempt that failed before its commit point.</summary>
    /// <returns>How long to wait before <see cref="Next"/>.</returns>
    public TimeSpan Failed(PreparedCandidate candidate, Failure failure, bool connectionLost)
    {
        _lastFailure = failure;
        if (TriesAnotherKey(candidate, failure)) return TimeSpan.Zero;
        cooldowns.Failed(candidate.Deployment.Id, failure);
        var rule = FailoverRule.For(failure.FailureClass);
        if (rule.Cooldown == Cooldown.None) _onlyLimits = false;
        else Resting(candidate.Deployment.Id);
        if (failure.Code == "total_deadline" || !MayFollow(rule.Next, candidate))
        {
            _stopped = true;
            return TimeSpan.Zero;
        }

        // A pooled connection that the provider closed just as it was used says nothing about the provider.
        if (connectionLost && Retry(candidate)) return TimeSpan.Zero;
        if (rule.RetrySame && rule.Cooldown == Cooldown.None && !AnyLeft() && Retry(candidate))
            return TimeSpan.FromMilliseconds(Random.Shared.Next(50, 250));
        return TimeSpan.Zero;
    }

    /// <summary>Why the request failed.</summary>
    public Failure Failure()
    {
        if (_shortestRest is { } rest && _onlyLimits) return ExecutionFailures.AllCooling(rest);
        return _lastFailure ?? (_tooDear ? ExecutionFailures.CostCeiling() : _unusable ?? ExecutionFailures.Internal());
    }

    /// <summary>Gives back every key that no verdict gave back.</summary>
    public void Dispose()
    {
        foreach (var lease in _leases) lease.Dispose();
    }

    // What one key of the vendor may not do another may, and the deployment itself is well.
    private bool TriesAnotherKey(PreparedCandidate candidate, Failure failure)
    {
        if (!KeyVerdicts.AnotherKeyMayDo(failure.FailureClass) || candidate.Key.KeyId.Length == 0) return false;
        _triedKeys.Add(candidate.Key.KeyId);
        if (!preparation.HasAnotherKey(candidate, _triedKeys)) return false;
        _again = candidate.Candidate;
        return true;
    }

    private PreparedCandidate? NextUsable()
    {
        while (_position < _candidates.Count)
        {
            var candidate = _candidates[_position++];
            if (candidate.Deployment.ContextWindow > 0 && candidate.Deployment.ContextWindow <= _contextAbove) continue;
            if (Usable(candidate) is { } usable) return usable;
        }

        return null;
    }

    private PreparedCandidate? Usable(Candidate candidate)
    {
        if (cooldowns.Remaining(candidate.Deployment.Id) > TimeSpan.Zero)
        {
            Resting(candidate.Deployment.Id);
            return null;
        }

        switch (preparation.Prepare(candidate, order.Dimensions.Currency, _triedKeys))
        {
            case Preparation.Ready ready:
                return Leased(ready.Candidate);
            case Preparation.Resting resting:
                RestingFor(resting.Wait);
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
        if (!spending.IsLimited || spending.Allows(candidate.WorstCase(order.EstimatedInputTokens, maxOutputTokens))) return candidate;
        candidate.Key.Dispose();
        _tooDear = true;
        return null;
    }

    private void Resting(string deployment) => RestingFor(cooldowns.Remaining(deployment));

    private void RestingFor(TimeSpan rest)
    {
        if (_shortestRest is null || rest < _shortestRest) _shortestRest = rest;
    }

    private bool MayFollow(NextCandidate next, PreparedCandidate failed)
    {
        if (next == NextCandidate.LargerContext) _contextAbove = Math.Max(_contextAbove, failed.Deployment.ContextWindow);
        return next switch
        {
            NextCandidate.Any => true,
            NextCandidate.LargerContext => failed.Deployment.ContextWindow > 0,
            NextCandidate.IfRouteAllows => order.Limits.FailoverOnContentFilter,
            _ => false,
        };
    }

    private bool AnyLeft() =>
        _candidates.Skip(_position).Any(c => cooldowns.Remaining(c.Deployment.Id) == TimeSpan.Zero);

    private bool Retry(PreparedCandidate candidate)
    {
        if (_retried || _attempts >= order.Limits.MaxAttempts || !retries.TryTake()) return false;
        _retried = true;
        _again = candidate.Candidate;
        return true;
    }
}
