using Orchestration.Client.Errors;

namespace Orchestration.Client;

/// <summary>A budget has not enough left for the request, or the request would pass its own cost cap. Never sent again by itself.</summary>
public sealed class OrchestrationBudgetException : OrchestrationException
{
    internal OrchestrationBudgetException(FailureFacts facts) : base(facts)
    {
    }

    /// <summary>The budget that refused, for example "budget 'monthly' of project 'website'"; null for the request's own cost cap. The message says it, too.</summary>
    public string? Limit => Failure.Limit.Length > 0 ? Failure.Limit : null;
}
