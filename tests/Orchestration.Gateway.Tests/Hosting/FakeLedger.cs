using System.Collections.Concurrent;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>A ledger in memory.</summary>
internal sealed class FakeLedger : LedgerService.LedgerServiceBase
{
    public ConcurrentDictionary<string, RequestRecord> Records { get; } = new();

    public override Task<RequestRecord> GetRequest(GetRequestRequest request, ServerCallContext context) =>
        Records.TryGetValue(request.RequestId, out var record) && (request.TenantId.Length == 0 || record.Attribution.TenantId == request.TenantId)
            ? Task.FromResult(record)
            : throw new Failure { FailureClass = FailureClass.NotFound, Code = "request_not_found", Message = "No such request." }.ToRpcException();

    public override Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListRequestsResponse
        {
            NextPageToken = string.Join('|', request.TenantId, request.PageSize) + (request.Filter is null ? "" : $"|{request.Filter}|{request.OldestFirst}"),
        });
}

/// <summary>What was said of the requests of the ledger in memory.</summary>
internal sealed class FakeFeedback(FakeLedger ledger) : FeedbackService.FeedbackServiceBase
{
    public override Task<Contracts.Metrics.V1.Feedback> GiveFeedback(GiveFeedbackRequest request, ServerCallContext context)
    {
        if (!ledger.Records.TryGetValue(request.RequestId, out var record) || record.Attribution.TenantId != request.TenantId)
            throw new Failure { FailureClass = FailureClass.NotFound, Code = "request_not_found", Message = "There is no such request." }.ToRpcException();
        record.Feedback = new Contracts.Metrics.V1.Feedback
        {
            RequestId = request.RequestId,
            Outcome = request.Outcome,
            Rating = request.Rating,
            GivenAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(56)),
        };
        return Task.FromResult(record.Feedback);
    }
}

/// <summary>A trace store without traces.</summary>
internal sealed class FakeTraces : TraceService.TraceServiceBase
{
    public override Task<Trace> GetTrace(GetTraceRequest request, ServerCallContext context) =>
        throw new Failure { FailureClass = FailureClass.NotFound, Code = "trace_not_found", Message = "No such trace." }.ToRpcException();
}
