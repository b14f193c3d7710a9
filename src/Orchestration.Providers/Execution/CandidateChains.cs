using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>Begins the walk through a plan's candidates.</summary>
internal sealed class CandidateChains(CandidatePreparation preparation, DeploymentStates health, RetryBudget retries, TimeProvider time)
{
    public CandidateChain Begin(ExecutionOrder order, SpendingLimit spending, long maxOutputTokens)
    {
        retries.RequestMade();
        return new CandidateChain(order, preparation, health, retries, spending, maxOutputTokens, time);
    }

    /// <summary>Takes note of a deployment that answered.</summary>
    public void Succeeded(PreparedCandidate candidate) => health.Succeeded(candidate.Deployment.Id, time.GetTimestamp());
}
