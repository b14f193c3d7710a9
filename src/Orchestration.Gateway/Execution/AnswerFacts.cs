using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Http;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.Execution;

/// <summary>The <c>orchestration</c> object of a plain answer.</summary>
internal static class AnswerFacts
{
    /// <summary>Sets the headers of a plain answer; returns what its body tells beside the answer.</summary>
    public static (OrchestrationFacts Facts, string Model) Describe(
        IHeaderDictionary headers,
        AdmittedRequest request,
        ResponseStarted started,
        Summary? summary,
        TimeProvider timeProvider)
    {
        summary ??= new Summary();
        var overhead = Overhead.Milliseconds(timeProvider.GetElapsedTime(request.Identity.StartedTimestamp), summary);
        AnswerHeaders.SetResponse(headers, request, started);
        AnswerHeaders.SetSummary(headers, summary, overhead);
        return (Of(request, started, summary, overhead), ModelShown(started));
    }

    private static OrchestrationFacts Of(AdmittedRequest request, ResponseStarted started, Summary summary, double overheadMs) => new()
    {
        RequestId = request.Identity.Text,
        Provider = started.Provider,
        Model = started.Model,
        Route = request.Plan.Route,
        Cache = request.Cache.Name,
        Warnings = started.Warnings,
        PolicyVersion = request.Plan.PolicyVersion,
        Attempts = summary.Attempts.Count,
        Cost = summary.Cost,
        Settlement = SettlementNames.Of(summary.Settlement),
        OverheadMs = overheadMs,
        Simulated = started.Simulated,
    };

    // The provider's own name where it gave one.
    private static string ModelShown(ResponseStarted started) => started.ReportedModel.Length > 0 ? started.ReportedModel : started.Model;
}
