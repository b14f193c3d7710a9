using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Feedback;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Querying;

/// <summary>The ledger as other services read it.</summary>
internal sealed class LedgerGrpcService(LedgerQueries queries, RequestSearch search, FeedbackBook feedback) : LedgerService.LedgerServiceBase
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 200;

    public override async Task<RequestRecord> GetRequest(GetRequestRequest request, ServerCallContext context)
    {
        var fence = FenceOf(request.TenantId, context);
        if (!Guid.TryParseExact(request.RequestId, "D", out var requestId))
            ThrowUnknown();

        var found = await queries.FindAsync(fence, requestId, context.CancellationToken);
        if (found is null)
            ThrowUnknown();

        var record = found.ToRecord();
        record.Feedback = (await feedback.FindAsync(requestId, context.CancellationToken))?.ToMessage();
        return record;
    }

    public override async Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context)
    {
        var fence = FenceOf(request.TenantId, context);
        if (request.PageSize is < 0 or > MaxPageSize)
            ThrowInvalid("page_size", $"The page size must lie between 1 and {MaxPageSize}.");

        var terms = TermsOf(request, fence);
        Guid? after = null;
        if (request.PageToken.Length > 0 && (after = PageToken.Read(request.PageToken, terms.List)) is null)
            ThrowInvalid("page_token", "The page token is not one of this list.");

        var page = await search.FindAsync(terms, after, request.PageSize == 0 ? DefaultPageSize : request.PageSize, context.CancellationToken);
        return new ListRequestsResponse
        {
            Requests = { page.Requests.Select(RecordMapping.ToRecord) },
            NextPageToken = page.Next is { } last ? PageToken.For(last, terms.List) : "",
        };
    }

    public override async Task<LedgerStatus> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var counts = await queries.CountAsync(context.CancellationToken);
        return new LedgerStatus
        {
            Requests = counts.Requests,
            Attempts = counts.Attempts,
            QuarantinedEvents = counts.Quarantined,
            OpenRequests = counts.Open,
        };
    }

    /// <summary>The tenant that the gateway reads for. A caller that acts for a tenant sees that one only, whatever the request says.</summary>
    private static string FenceOf(string asked, ServerCallContext context)
    {
        context.AdmitGateway();
        var acting = context.GetServiceCaller().TenantId;
        if (acting.Length > 0 && asked.Length > 0 && acting != asked)
            ThrowUnknown();

        return acting.Length > 0 ? acting : asked;
    }

    private static SearchTerms TermsOf(ListRequestsRequest request, string tenantId)
    {
        var reading = SearchTermsReading.Read(tenantId, request.Filter, request.OldestFirst);
        if (reading is WrongTerm wrong)
            ThrowInvalid(wrong.Param, wrong.Message);
        return ((ReadTerms)reading).Terms;
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
