using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Planning;
using Orchestration.Protocols;
using Orchestration.ServiceDefaults.Failures;
using ExplainRequest = Orchestration.Contracts.Admin.V1.ExplainRequest;
using ListCatalogueRequest = Orchestration.Contracts.Admin.V1.ListCatalogueRequest;
using Routes = Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class RoutingAdmin(RoutingService.RoutingServiceClient routing, ForwardedCalls forward) : RoutingAdminService.RoutingAdminServiceBase
{
    public override Task<ListCatalogueResponse> ListCatalogue(ListCatalogueRequest request, ServerCallContext context) =>
        forward.SendAsync(routing.ListCatalogueAsync, new Routes.ListCatalogueRequest { Provider = request.Provider }, "", context);

    public override Task<Decision> Explain(ExplainRequest request, ServerCallContext context)
    {
        if (request.Text.Length > PromptShape.LongestText)
            throw new FailureException(Failures.Invalid("text_too_long", "The text may have at most 8 KiB.", "text"));
        var tenantId = request.TenantId.Length > 0 ? request.TenantId : Seeding.TenantId;
        var size = TextMeasure.Measure(request.Text);
        var forwarded = new Routes.ExplainRequest
        {
            TenantId = tenantId,
            Model = request.Model,
            Text = request.Text,
            Features = new PromptFeatures
            {
                MessageCount = 1,
                TextBytes = size.Bytes,
                CjkCharacters = size.CjkCharacters,
                OtherCharacters = size.OtherCharacters,
            },
        };
        return forward.SendAsync(routing.ExplainAsync, forwarded, tenantId, context);
    }
}
