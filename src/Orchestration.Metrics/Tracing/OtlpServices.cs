using Grpc.Core;
using Orchestration.Metrics.Tracing.Otlp;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.Metrics.Tracing;

/// <summary>Takes in spans.</summary>
[AllowAnonymousCaller]
internal sealed class OtlpTraceService(TraceStore store, OtlpAccess access) : TraceService.TraceServiceBase
{
    public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
    {
        access.Demand(context);
        store.Add(OtlpSpans.Read(request));
        return Task.FromResult(new ExportTraceServiceResponse());
    }
}

/// <summary>Accepts metrics and keeps none, so that exporters do not complain.</summary>
[AllowAnonymousCaller]
internal sealed class OtlpMetricsService(OtlpAccess access) : MetricsService.MetricsServiceBase
{
    public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
    {
        access.Demand(context);
        return Task.FromResult(new ExportMetricsServiceResponse());
    }
}

/// <summary>Accepts logs and keeps none, so that exporters do not complain.</summary>
[AllowAnonymousCaller]
internal sealed class OtlpLogsService(OtlpAccess access) : LogsService.LogsServiceBase
{
    public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
    {
        access.Demand(context);
        return Task.FromResult(new ExportLogsServiceResponse());
    }
}
