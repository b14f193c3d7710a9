using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;

namespace Orchestration.Providers.Execution;

/// <summary>What is fixed when a request arrives: who pays, what to do, and how far it may go.</summary>
internal sealed record ExecutionOrder
{
    public required Guid RequestId { get; init; }

    public required LedgerDimensions Dimensions { get; init; }

    public required Plan Plan { get; init; }

    public required ExecutionLimits Limits { get; init; }

    /// <summary>Most that all attempts may cost, in the tenant's currency; null means no ceiling.</summary>
    public required Money? Ceiling { get; init; }

    public required long EstimatedInputTokens { get; init; }

    /// <summary>Reads what the calls have in common.</summary>
    /// <exception cref="FormatException">The message names the member that is missing or wrong.</exception>
    public static ExecutionOrder Read(
        string requestId,
        Attribution? attribution,
        Plan? plan,
        Contracts.Pricing.V1.Money? ceiling,
        DateTimeOffset startedAt,
        long estimatedInputTokens,
        ExecutionOptions options)
    {
        if (!Guid.TryParseExact(requestId, "D", out var id)) throw new FormatException("request_id is not a UUID.");
        if (attribution is null || attribution.TenantId.Length == 0) throw new FormatException("attribution names no tenant.");
        if (plan is null || plan.Candidates.Count == 0) throw new FormatException("plan has no candidates.");
        if (plan.Candidates.Any(c => c.Deployment is null)) throw new FormatException("plan.candidates holds one without a deployment.");
        var limit = ceiling is null ? (Money?)null : Money.FromProto(ceiling);
        if (limit is { } money && money.Currency != attribution.Currency) throw new FormatException("ceiling is not in the tenant's currency.");
        return new ExecutionOrder
        {
            RequestId = id,
            Dimensions = DimensionsOf(attribution, plan, startedAt),
            Plan = plan,
            Limits = ExecutionLimits.From(plan.Rules, options),
            Ceiling = limit,
            EstimatedInputTokens = Math.Max(0, estimatedInputTokens),
        };
    }

    private static LedgerDimensions DimensionsOf(Attribution attribution, Plan plan, DateTimeOffset startedAt) => new()
    {
        TenantId = attribution.TenantId,
        ProjectId = attribution.ProjectId,
        KeyId = attribution.KeyId,
        EndUser = attribution.EndUser,
        SessionId = attribution.SessionId,
        Purpose = PurposeNames.Of(attribution.Purpose),
        Route = plan.Route,
        RequestClass = plan.RequestClass,
        PolicyVersion = plan.PolicyVersion,
        Currency = attribution.Currency,
        RequestStartedAt = startedAt,
        Tags = new Dictionary<string, string>(attribution.Tags),
    };
}
