using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Querying;

/// <summary>The ledger as other services read it.</summary>
internal sealed class LedgerGrpcService(LedgerQueries queries) : LedgerService.LedgerServiceBase
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 200;

    public override async Task<RequestRecord> GetRequest(GetRequestRequest request, ServerCallContext context)
    {
        if (!Guid.TryParseExact(request.RequestId, "D", out var requestId))
            ThrowUnknown();

        var found = await queries.FindAsync(FenceOf(request.TenantId, context), requestId, context.CancellationToken);
        if (found is null)
            ThrowUnknown();

        return found.ToRecord();
    }

    public override async Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > MaxPageSize)
            ThrowInvalid("page_size", $"The page size must lie between 1 and {MaxPageSize}.");

        var tenantId = FenceOf(request.TenantId, context);
        Guid? after = null;
        if (request.PageToken.Length > 0 && (after = PageToken.Read(request.PageToken, tenantId)) is null)
            ThrowInvalid("page_token", "The page token is not one of this list.");

        // One more than asked for tells whether another page follows.
        var size = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        var found = await queries.ListAsync(tenantId, after, size + 1, context.CancellationToken);
        var response = new ListRequestsResponse();
        response.Requests.AddRange(found.Take(size).Select(RecordMapping.ToRecord));
        if (found.Count > size)
            response.NextPageToken = PageToken.For(found[size - 1].Request.Id, tenantId);
        return response;
    }

    public override async Task<LedgerStatus> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        var counts = await queries.CountAsync(context.CancellationToken);
        return new LedgerStatus
        {
            Requests = counts.Requests,
            Attempts = counts.Attempts,
            QuarantinedEvents = counts.Quarantined,
            OpenRequests = counts.Open,
        };
    }

    /// <summary>The tenant to read for. A caller that acts for a tenant sees that one only, whatever the request says.</summary>
    private static string FenceOf(string asked, ServerCallContext context)
    {
        var acting = context.GetServiceCaller().TenantId;
        if (acting.Length > 0 && asked.Length > 0 && acting != asked)
            ThrowUnknown();

        return acting.Length > 0 ? acting : asked;
    }

    [DoesNotReturn]
    private static void ThrowUnknown() => throw new FailureException(new Failure
    {
        FailureClass = FailureClass.NotFound,
        Code = "request_not_found",
        Message = "There is no such request.",
        Param = "request_id",
    });

    [DoesNotReturn]
    private static void ThrowInvalid(string param, string message) => throw new FailureException(new Failure
    {
        FailureClass = FailureClass.InvalidRequest,
        Code = "invalid_" + param,
        Message = message,
        Param = param,
    });
}
