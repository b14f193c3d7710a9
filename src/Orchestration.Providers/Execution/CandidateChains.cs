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
}
