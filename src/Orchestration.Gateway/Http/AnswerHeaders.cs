using System.Globalization;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Execution;

namespace Orchestration.Gateway.Http;

/// <summary>The headers that tell a client who answered, why, and at what cost.</summary>
internal static class AnswerHeaders
{
    /// <summary>What is known from the plan on, for failures too.</summary>
    public static void SetPlan(IHeaderDictionary headers, Plan plan)
    {
        headers[ResponseHeaders.Route] = ResponseHeaders.Safe(plan.Route);
        headers[ResponseHeaders.Reason] = ResponseHeaders.Safe(plan.Reason);
        headers[ResponseHeaders.Policy] = ResponseHeaders.Safe(plan.PolicyVersion);
    }

    /// <summary>What is known at the commit point.</summary>
    public static void SetResponse(IHeaderDictionary headers, AdmittedRequest request, ResponseStarted started)
    {
        SetPlan(headers, request.Plan);
        headers[ResponseHeaders.Model] = ResponseHeaders.Safe(started.Model);
        headers[ResponseHeaders.Provider] = ResponseHeaders.Safe(started.Provider);
        headers[ResponseHeaders.Cache] = request.Cache.Name;
        SetCache(headers, request.Cache);
        if (started.Warnings.Count > 0)
            headers[ResponseHeaders.Warnings] = ResponseHeaders.FormatWarnings(started.Warnings);
        if (started.Simulated)
            headers[ResponseHeaders.Simulated] = "true";
    }

    private static void SetCache(IHeaderDictionary headers, CacheUse use)
    {
        var similarity = (use as CacheUse.Hit)?.Similarity;
        if (use is CacheUse.Hit hit)
            headers.Age = ((long)hit.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (use is CacheUse.Miss { Semantic: { } look })
        {
            similarity = look.Candidate?.Similarity;
            if (look.IsShadow)
                headers[ResponseHeaders.CacheShadow] = look.IsHit ? "hit" : "miss";
        }

        if (similarity is { } value)
            headers[ResponseHeaders.CacheSimilarity] = value.ToString("0.0000", CultureInfo.InvariantCulture);
    }

    /// <summary>What is known when everything is settled.</summary>
    public static void SetSummary(IHeaderDictionary headers, Summary summary, double overheadMs)
    {
        headers[ResponseHeaders.Attempts] = summary.Attempts.Count.ToString(CultureInfo.InvariantCulture);
        headers[ResponseHeaders.OverheadMs] = ResponseHeaders.FormatMilliseconds(overheadMs);
        if (summary.Cost is { } cost)
            headers[ResponseHeaders.Cost] = ResponseHeaders.Safe($"{cost.Amount} {cost.Currency}");
    }
}
