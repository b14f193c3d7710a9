using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;
using GetRequestRequest = Orchestration.Contracts.Admin.V1.GetRequestRequest;
using ListRequestsRequest = Orchestration.Contracts.Admin.V1.ListRequestsRequest;
using Ledger = Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class RequestAdmin(LedgerService.LedgerServiceClient ledger, ForwardedCalls forward) : RequestAdminService.RequestAdminServiceBase
{
    public override Task<RequestRecord> GetRequest(GetRequestRequest request, ServerCallContext context) =>
        forward.SendAsync(ledger.GetRequestAsync, new Ledger.GetRequestRequest { RequestId = request.RequestId }, "", context);

    public override Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context)
    {
        var forwarded = new Ledger.ListRequestsRequest
        {
            TenantId = request.TenantId,
            PageSize = request.PageSize,
            PageToken = request.PageToken,
            Filter = request.Filter,
            OldestFirst = request.OldestFirst,
        };
        return forward.SendAsync(ledger.ListRequestsAsync, forwarded, request.TenantId, context);
    }
}
