using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Caching.Semantic;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Protocols;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>The way of a decoded chat request from its entry point, HTTP or gRPC, to admission.</summary>
internal sealed class ChatEntry(Admission admission, SecretHasher hasher, LookupEmbedder embedder)
{
    private const string Operation = "chat";

    public async ValueTask<AdmissionOutcome> AdmitAsync(
        Caller caller,
        ChatRequest request,
        RequestIdentity identity,
        ClientAttribution client,
        IReadOnlyList<Warning> warnings,
        CancellationToken cancellationToken)
    {
        var purpose = caller.Purpose == Purpose.Unspecified ? Purpose.Chat : caller.Purpose;
        var details = new RequestDetails(identity, purpose, client.EndUser, client.SessionId, request.Stream, client.TagsOver(Dimensions.Tags(request.Metadata)));
        var size = TextMeasure.Measure(request);
        var planning = new PlanningRequest
        {
            Caller = caller,
            Model = request.Model,
            Mode = RouteModes.Chat,
            Size = size,
            Needs = RequestNeedsReader.Of(request),
            MaxOutput = request.HasMaxOutputTokens ? request.MaxOutputTokens : null,
            Choices = request.HasChoiceCount ? request.ChoiceCount : 1,
            Hints = request.Hints,
            Keys = RequestKeys.Of(caller.TenantId, client.SessionId, client.EndUser, identity.Text, request),
            Warnings = warnings,
            Cache = new ChatQuestion(identity.Id, request, client.Cache, embedder),
            Features = PromptShape.Features(request, size),
            LastUserText = () => PromptShape.LastUserText(request),
        };
        var outcome = await admission.AdmitAsync(planning, details, Operation, cancellationToken);
        if (outcome is AdmissionOutcome.Admitted admitted)
            Pseudonymise(request, admitted.Request.Attribution);
        return outcome;
    }

    // Providers must not be able to join two tenants' users, nor to share a cache between them.
    private void Pseudonymise(ChatRequest request, Attribution attribution)
    {
        request.EndUser = attribution.EndUser;
        if (request.PromptCacheKey.Length > 0)
            request.PromptCacheKey = hasher.Pseudonym(attribution.TenantId, request.PromptCacheKey);
    }
}
