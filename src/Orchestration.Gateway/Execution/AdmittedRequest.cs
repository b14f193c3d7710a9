using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Grounding;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Limits;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Execution;

/// <summary>A request that is in the ledger and must end there.</summary>
/// <param name="Identity">Id and start.</param>
/// <param name="Operation">"chat", "embeddings" or "rerank", for telemetry.</param>
/// <param name="Plan">What Providers is to do.</param>
/// <param name="Attribution">Who pays.</param>
/// <param name="Dimensions">The same for the ledger.</param>
/// <param name="Ceiling">Most that all attempts together may cost.</param>
/// <param name="Hold">What was reserved for it on budgets.</param>
/// <param name="EstimatedInputTokens">Estimate of the prompt's tokens.</param>
/// <param name="Streamed">True when the client asked for a stream.</param>
/// <param name="Simulated">True when no real provider stands in the chain.</param>
internal sealed record AdmittedRequest(
    RequestIdentity Identity,
    string Operation,
    Plan Plan,
    Attribution Attribution,
    LedgerDimensions Dimensions,
    Money Ceiling,
    BudgetHold Hold,
    long EstimatedInputTokens,
    bool Streamed,
    bool Simulated)
{
    /// <summary>How the cache takes part.</summary>
    public CacheUse Cache { get; init; } = CacheUse.Bypass.Instance;

    /// <summary>What its candidates were chosen by; null where nothing is learned from the outcome.</summary>
    public ChoiceBasis? Basis { get; init; }

    /// <summary>Days that its prompt and answer are kept; 0 keeps none.</summary>
    public int CaptureDays { get; init; }

    /// <summary>What its answer is to rest on; null when it may say anything.</summary>
    public GroundedQuestion? Grounding { get; init; }
}

/// <summary>Outcome of admission.</summary>
internal abstract record AdmissionOutcome
{
    private AdmissionOutcome()
    {
    }

    /// <summary>The limits that the request counts against, as they stood after it.</summary>
    public IReadOnlyList<LimitLevel> Limits { get; init; } = [];

    public sealed record Admitted(AdmittedRequest Request) : AdmissionOutcome;

    public sealed record Refused(Contracts.Errors.V1.Failure Failure, Plan? Plan) : AdmissionOutcome;
}
