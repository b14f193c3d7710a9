using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>Takes a candidate for an attempt, or says why it may not be asked now. What is refused leaves nothing taken: no key, no probe.</summary>
internal sealed class CandidateTaking(
    ExecutionOrder order,
    CandidatePreparation preparation,
    DeploymentStates health,
    SpendingLimit spending,
    CandidateOrder walk,
    long maxOutputTokens)
{
    /// <param name="candidate">Whom to ask.</param>
    /// <param name="triedKeys">Keys that the request has failed with there.</param>
    /// <param name="agreed">Asked last before the probe is taken, which cannot be given back; null when nothing else must agree.</param>
    public Taking Take(Candidate candidate, IReadOnlySet<string> triedKeys, Func<PreparedCandidate, bool>? agreed = null)
    {
        if (health.Resting(candidate.Deployment.Id) > TimeSpan.Zero) return new Taking.Resting(TimeSpan.Zero);
        return preparation.Prepare(candidate, order.Dimensions.Currency, triedKeys) switch
        {
            Preparation.Ready ready => TakePrepared(ready.Candidate, agreed),
            Preparation.Resting resting => new Taking.Resting(resting.Wait),
            Preparation.Unusable unusable => new Taking.Unusable(unusable.Failure),
            _ => new Taking.Unusable(ExecutionFailures.Internal()),
        };
    }

    private Taking TakePrepared(PreparedCandidate candidate, Func<PreparedCandidate, bool>? agreed)
    {
        var onProbe = walk.IsEjected(candidate.Candidate) && health.Look(candidate.Deployment.Id).State != BreakerState.Healthy;
        Taking? refused =
            IsTooDear(candidate) ? new Taking.TooDear()
            : onProbe && health.Look(candidate.Deployment.Id).Wait > TimeSpan.Zero ? new Taking.Ejected()
            : agreed?.Invoke(candidate) == false ? new Taking.Declined()
            : onProbe && !health.TryProbe(candidate.Deployment.Id) ? new Taking.Ejected()
            : null;
        if (refused is null) return new Taking.Taken(candidate);
        candidate.Key.Dispose();
        return refused;
    }

    private bool IsTooDear(PreparedCandidate candidate) =>
        spending.IsLimited && !spending.Allows(candidate.WorstCase(order.EstimatedInputTokens, maxOutputTokens));
}

/// <summary>What became of the wish to ask a candidate.</summary>
internal abstract record Taking
{
    private Taking()
    {
    }

    internal sealed record Taken(PreparedCandidate Candidate) : Taking;

    /// <summary>Its provider limits it; where only our keys for it rest, for that long.</summary>
    internal sealed record Resting(TimeSpan KeysRest) : Taking;

    internal sealed record Unusable(Failure Failure) : Taking;

    /// <summary>It does not fit under the ceiling beside what runs and what was spent.</summary>
    internal sealed record TooDear : Taking;

    /// <summary>It is only probed, and the probe of this second is taken.</summary>
    internal sealed record Ejected : Taking;

    internal sealed record Declined : Taking;
}
