using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Planning;

/// <summary>Outcome of planning a request.</summary>
internal abstract record PlanningOutcome
{
    private PlanningOutcome()
    {
    }

    /// <summary>The request can be run.</summary>
    /// <param name="Plan">What Providers is to do.</param>
    /// <param name="Ceiling">Worst case of the first candidate and of the dearest that may follow it: most that the request may cost.</param>
    /// <param name="EstimatedInputTokens">Best estimate of the prompt's tokens.</param>
    /// <param name="Simulated">True when no real provider stands in the chain.</param>
    public sealed record Planned(Plan Plan, Money Ceiling, long EstimatedInputTokens, bool Simulated) : PlanningOutcome
    {
        /// <summary>What was expected; null where nothing is learned from the outcome.</summary>
        public ChoiceBasis? Basis { get; init; }
    }

    /// <summary>No candidate is left, or the name means nothing.</summary>
    public sealed record Refused(Failure Failure) : PlanningOutcome;
}
