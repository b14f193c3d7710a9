using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Tracing;

/// <summary>The trace store as other services read it.</summary>
internal sealed class TraceGrpcService(TraceStore store) : TraceService.TraceServiceBase
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 200;

    public override Task<ListTracesResponse> ListTraces(ListTracesRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        if (request.PageSize is < 0 or > MaxPageSize)
        {
            throw new FailureException(new Failure
            {
                FailureClass = FailureClass.InvalidRequest,
                Code = "invalid_page_size",
                Message = $"The page size must lie between 1 and {MaxPageSize}.",
                Param = "page_size",
            });
        }

        var response = new ListTracesResponse();
        var size = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        response.Traces.AddRange(store.List(size, request.Service).Select(TraceMapping.ToSummary));
        return Task.FromResult(response);
    }

    public override Task<Trace> GetTrace(GetTraceRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        if (TraceMapping.ParseTraceId(request.TraceId) is not { } traceId || store.Find(traceId) is not { } spans)
        {
            throw new FailureException(new Failure
            {
                FailureClass = FailureClass.NotFound,
                Code = "trace_not_found",
                Message = "There is no such trace; it may have been evicted.",
                Param = "trace_id",
            });
        }

        var trace = new Trace { TraceId = traceId.ToTraceId() };
        trace.Spans.AddRange(spans.Select(TraceMapping.ToSpan));
        return Task.FromResult(trace);
    }
}
