using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.Execution;

/// <summary>The <c>orchestration</c> object of a plain answer.</summary>
internal static class AnswerFacts
{
    public static OrchestrationFacts Of(AdmittedRequest request, ResponseStarted started, Summary summary, double overheadMs) => new()
    {
        RequestId = request.Identity.Text,
        Provider = started.Provider,
        Model = started.Model,
        Route = request.Plan.Route,
        Cache = CacheOutcomes.Bypass,
        Warnings = started.Warnings,
        PolicyVersion = request.Plan.PolicyVersion,
        Attempts = summary.Attempts.Count,
        Cost = summary.Cost,
        OverheadMs = overheadMs,
        Simulated = started.Simulated,
    };

    /// <summary>The name in the answer's <c>model</c>: the provider's own where it gave one.</summary>
    public static string ModelShown(ResponseStarted started) => started.ReportedModel.Length > 0 ? started.ReportedModel : started.Model;
}
