using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;
using GetTraceRequest = Orchestration.Contracts.Admin.V1.GetTraceRequest;
using ListTracesRequest = Orchestration.Contracts.Admin.V1.ListTracesRequest;
using Ledger = Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class TraceAdmin(TraceService.TraceServiceClient traces, ForwardedCalls forward) : TraceAdminService.TraceAdminServiceBase
{
    public override Task<ListTracesResponse> ListTraces(ListTracesRequest request, ServerCallContext context)
    {
        var forwarded = new Ledger.ListTracesRequest { PageSize = request.PageSize, Service = request.Service };
        return forward.SendAsync(traces.ListTracesAsync, forwarded, "", context);
    }

    public override Task<Trace> GetTrace(GetTraceRequest request, ServerCallContext context) =>
        forward.SendAsync(traces.GetTraceAsync, new Ledger.GetTraceRequest { TraceId = request.TraceId }, "", context);
}
