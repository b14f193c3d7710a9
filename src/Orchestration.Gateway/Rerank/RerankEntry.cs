using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Planning;
using Orchestration.Protocols;
using Orchestration.Protocols.Rerank;

namespace Orchestration.Gateway.Rerank;

/// <summary>The way of a decoded rerank request from its entry point, HTTP or gRPC, to admission.</summary>
internal sealed class RerankEntry(Admission admission)
{
    private const string Operation = "rerank";

    public async ValueTask<AdmissionOutcome> AdmitAsync(
        Caller caller,
        RerankRequest request,
        RequestIdentity identity,
        ClientAttribution client,
        IReadOnlyList<Warning> warnings,
        CancellationToken cancellationToken)
    {
        var purpose = caller.Purpose is Purpose.Unspecified or Purpose.Chat ? Purpose.Rerank : caller.Purpose;
        var planning = new PlanningRequest
        {
            Caller = caller,
            Model = request.Model,
            Mode = RouteModes.Rerank,
            Size = RerankMeasure.Size(request),
            LargestInput = RerankMeasure.Largest(request),
            MostSearchUnits = model => RerankMeasure.SearchUnits(request, size => TextMeasure.UpperBoundTokens(size, model)),
            Needs = RequestNeeds.None,
            Hints = request.Hints,
            Warnings = warnings,
            Cache = new PlainQuestion(Operation, () => CacheKey.Canonical(request), client.Cache),
        };
        var outcome = await admission.AdmitAsync(
            planning,
            new RequestDetails(identity, purpose, client.EndUser, client.SessionId, Streamed: false, client.Tags),
            Operation,
            cancellationToken);
        if (outcome is AdmissionOutcome.Admitted admitted)
            request.EndUser = admitted.Request.Attribution.EndUser;
        return outcome;
    }
}
