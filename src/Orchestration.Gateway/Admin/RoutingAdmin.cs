using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.Planning.Explanation;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.Tenants;
using Orchestration.Protocols;
using Orchestration.ServiceDefaults.Failures;
using ExplainRequest = Orchestration.Contracts.Admin.V1.ExplainRequest;
using ListCatalogueRequest = Orchestration.Contracts.Admin.V1.ListCatalogueRequest;
using Routes = Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class RoutingAdmin(
    RoutingService.RoutingServiceClient routing, ForwardedCalls forward, DecisionExplainer explainer, AccountDirectory accounts) : RoutingAdminService.RoutingAdminServiceBase
{
    public override Task<ListCatalogueResponse> ListCatalogue(ListCatalogueRequest request, ServerCallContext context) =>
        forward.SendAsync(routing.ListCatalogueAsync, new Routes.ListCatalogueRequest { Provider = request.Provider }, "", context);

    public override async Task<Decision> Explain(ExplainRequest request, ServerCallContext context)
    {
        if (request.Text.Length > PromptShape.LongestText)
            throw new FailureException(Failures.Invalid("text_too_long", "The text may have at most 8 KiB.", "text"));
        var hints = new RoutingHints { Complexity = request.Complexity };
        if (ClientHints.Check(hints) is { } wrong)
            throw new FailureException(wrong);
        var caller = await CallerOfAsync(request.TenantId.Length > 0 ? request.TenantId : Seeding.TenantId, context.CancellationToken);
        return await explainer.ExplainAsync(PlanningOf(request, caller, hints), context.CancellationToken) switch
        {
            ExplainOutcome.Explained explained => explained.Decision,
            ExplainOutcome.Refused refused => throw new FailureException(refused.Failure),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }

    private async Task<Caller> CallerOfAsync(string tenantId, CancellationToken cancellationToken) =>
        await accounts.FindTenantAsync(tenantId, cancellationToken) switch
        {
            Lookup<TenantRecord>.Found found => found.Value.Caller,
            Lookup<TenantRecord>.Unknown => throw new FailureException(AccountFailures.NoTenant()),
            _ => throw new FailureException(Failures.Unavailable("accounts_unavailable", "The tenant cannot be looked up right now.")),
        };

    private static PlanningRequest PlanningOf(ExplainRequest request, Caller caller, RoutingHints hints)
    {
        var chat = new ChatRequest { Messages = { new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = request.Text } } } } } };
        var size = TextMeasure.Measure(chat);
        return new PlanningRequest
        {
            Caller = caller,
            Model = request.Model,
            Mode = RouteModes.Chat,
            Size = size,
            Needs = (request.Tools ? RequestNeeds.Tools : RequestNeeds.None) | (request.Vision ? RequestNeeds.Vision : RequestNeeds.None),
            MaxOutput = request.MaxOutputTokens > 0 ? request.MaxOutputTokens : null,
            Hints = hints,
            Keys = RequestKeys.Of(caller.TenantId, request.SessionId, "", "", chat),
            Features = PromptShape.Features(chat, size),
            LastUserText = () => request.Text,
        };
    }
}
