using Google.Protobuf.Collections;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>Walks the candidates of one plan: which is asked next, and what the client is told when none is left.</summary>
internal sealed class CandidateChain(
    ExecutionOrder order,
    CandidatePreparation preparation,
    DeploymentCooldowns cooldowns,
    RetryBudget retries,
    SpendingLimit spending,
    long maxOutputTokens)
{
    private readonly RepeatedField<Candidate> _candidates = order.Plan.Candidates;
    private PreparedCandidate? _again;
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
        var candidate = _again ?? NextUsable();
        _again = null;
        if (candidate is not null) _attempts++;
        return candidate;
    }

    /// <summary>The candidate that was returned last cannot be asked after all; that was no attempt.</summary>
    public void Unusable(Failure failure)
    {
        _attempts--;
        _unusable = failure;
    }

    /// <summary>Takes note of an attempt that failed before its commit point.</summary>
    /// <returns>How long to wait before <see cref="Next"/>.</returns>
    public TimeSpan Failed(PreparedCandidate candidate, Failure failure, bool connectionLost)
    {
        _lastFailure = failure;
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
        var prepared = preparation.Prepare(candidate, order.Dimensions.Currency);
        if (prepared is not Preparation.Ready ready)
        {
            _unusable = ((Preparation.Unusable)prepared).Failure;
            return null;
        }

        if (cooldowns.Remaining(candidate.Deployment.Id) > TimeSpan.Zero)
        {
            Resting(candidate.Deployment.Id);
            return null;
        }

        if (spending.IsLimited && !spending.Allows(ready.Candidate.WorstCase(order.EstimatedInputTokens, maxOutputTokens)))
        {
            _tooDear = true;
            return null;
        }

        return ready.Candidate;
    }

    private void Resting(string deployment)
    {
        var rest = cooldowns.Remaining(deployment);
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
        _again = candidate;
        return true;
    }
}
