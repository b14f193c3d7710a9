using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>Begins the walk through a plan's candidates.</summary>
internal sealed class CandidateChains(CandidatePreparation preparation, DeploymentCooldowns cooldowns, RetryBudget retries)
{
    public CandidateChain Begin(ExecutionOrder order, SpendingLimit spending, long maxOutputTokens)
    {
        retries.RequestMade();
        return new CandidateChain(order, preparation, cooldowns, retries, spending, maxOutputTokens);
    }

    public void Succeeded(PreparedCandidate candidate) => cooldowns.Succeeded(candidate.Deployment.Id);
}
