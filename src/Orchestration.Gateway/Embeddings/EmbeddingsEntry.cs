using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Planning;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Embeddings;

/// <summary>The way of a decoded embeddings request from its entry point, HTTP or gRPC, to admission.</summary>
internal sealed class EmbeddingsEntry(Admission admission)
{
    private const string Operation = "embeddings";

    public async ValueTask<AdmissionOutcome> AdmitAsync(
        Caller caller,
        EmbeddingsRequest request,
        RequestIdentity identity,
        ClientAttribution client,
        IReadOnlyList<Warning> warnings,
        CancellationToken cancellationToken)
    {
        var purpose = caller.Purpose is Purpose.Unspecified or Purpose.Chat ? Purpose.Embedding : caller.Purpose;
        var sizes = request.Inputs.Select(input => TextMeasure.Measure(input) with { Messages = 1 }).ToList();
        var planning = new PlanningRequest
        {
            Caller = caller,
            Model = request.Model,
            Mode = RouteModes.Embedding,
            Size = sizes.Aggregate(new TextSize(0, 0, 0), (sum, size) => sum + size),
            LargestInput = sizes.Count == 0 ? null : sizes.MaxBy(size => size.Bytes),
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
