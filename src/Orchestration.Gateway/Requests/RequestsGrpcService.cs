using Grpc.Core;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.ServiceDefaults.Failures;
using GetRequestRequest = Orchestration.Contracts.Gateway.V1.GetRequestRequest;

namespace Orchestration.Gateway.Requests;

internal sealed class RequestsGrpcService(Receipts receipts) : RequestsService.RequestsServiceBase
{
    public override async Task<RequestRecord> GetRequest(GetRequestRequest request, ServerCallContext context) =>
        await receipts.GetAsync(context.GetHttpContext().GetCaller().TenantId, request.RequestId, context.CancellationToken) switch
        {
            ReceiptOutcome.Found found => found.Record,
            ReceiptOutcome.Refused refused => throw new FailureException(refused.Failure),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
}
