using System.Diagnostics;
using Grpc.Core;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Tracing.Otlp;
using StatusCode = Grpc.Core.StatusCode;
using OtlpTraces = Orchestration.Metrics.Tracing.Otlp.TraceService.TraceServiceClient;
using Traces = Orchestration.Contracts.Metrics.V1.TraceService.TraceServiceClient;

namespace Orchestration.Metrics.Tests.Tracing;

public sealed class TraceServicesTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Real_exporter_delivers_a_trace_that_can_be_read_back()
    {
        using var source = new ActivitySource("Tests.RealExporter");
        string traceId;
        using (Sdk.CreateTracerProviderBuilder()
            .AddSource(source.Name)
            .ConfigureResource(resource => resource.AddService("gateway"))
            .AddOtlpExporter(options =>
            {
                options.Endpoint = _host.Address;
                options.Protocol = OtlpExportProtocol.Grpc;
                options.Headers = "x-otlp-api-key=" + MetricsHost.TelemetryKey;
            })
            .Build())
        {
            using var root = source.StartActivity("POST /v1/chat/completions", ActivityKind.Server)!;
            traceId = root.TraceId.ToHexString();
            using var child = source.StartActivity("chat small", ActivityKind.Client)!;
            child.SetTag("gen_ai.usage.input_tokens", 12);
            child.SetStatus(ActivityStatusCode.Error);
        }

        var trace = await new Traces(_host.Channel).GetTraceAsync(new GetTraceRequest { TraceId = traceId }, Options());
        trace.Spans.Select(span => span.Name).ShouldBe(["POST /v1/chat/completions", "chat small"]);
        trace.Spans[1].ParentSpanId.ShouldBe(trace.Spans[0].SpanId);
        trace.Spans[1].Kind.ShouldBe("client");
        trace.Spans[1].Failed.ShouldBeTrue();
        trace.Spans[1].Attributes["gen_ai.usage.input_tokens"].ShouldBe("12");
        trace.Spans.ShouldAllBe(span => span.TraceId == traceId && span.Service == "gateway");
        var listed = (await new Traces(_host.Channel).ListTracesAsync(new ListTracesRequest { Service = "gateway" }, Options())).Traces.ShouldHaveSingleItem();
        listed.TraceId.ShouldBe(traceId);
        listed.Failed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Telemetry_without_the_key_is_refused(string? key)
    {
        var headers = key is null ? [] : new Metadata { { "x-otlp-api-key", key } };

        (await StatusAsync(() => new OtlpTraces(_host.Channel).ExportAsync(OtlpMessages.Export("x", OtlpMessages.Span(1, 1)), headers, cancellationToken: Cancellation)))
            .ShouldBe(StatusCode.Unauthenticated);
        (await StatusAsync(() => new MetricsService.MetricsServiceClient(_host.Channel).ExportAsync(new ExportMetricsServiceRequest(), headers, cancellationToken: Cancellation)))
            .ShouldBe(StatusCode.Unauthenticated);
        (await StatusAsync(() => new LogsService.LogsServiceClient(_host.Channel).ExportAsync(new ExportLogsServiceRequest(), headers, cancellationToken: Cancellation)))
            .ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Metrics_and_logs_are_accepted()
    {
        var headers = new Metadata { { "x-otlp-api-key", MetricsHost.TelemetryKey } };

        await new MetricsService.MetricsServiceClient(_host.Channel).ExportAsync(new ExportMetricsServiceRequest(), headers, cancellationToken: Cancellation);
        await new LogsService.LogsServiceClient(_host.Channel).ExportAsync(new ExportLogsServiceRequest(), headers, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Telemetry_key_opens_nothing_else()
    {
        var headers = new Metadata { { "x-otlp-api-key", MetricsHost.TelemetryKey } };

        (await StatusAsync(() => new Traces(_host.Channel).ListTracesAsync(new ListTracesRequest(), headers, cancellationToken: Cancellation)))
            .ShouldBe(StatusCode.Unauthenticated);
    }

    [Theory]
    [InlineData("")]
    [InlineData("xyz")]
    [InlineData("00000000000000000000000000000001")]
    public async Task Unknown_trace_is_not_found(string traceId) =>
        (await StatusAsync(() => new Traces(_host.Channel).GetTraceAsync(new GetTraceRequest { TraceId = traceId }, Options()))).ShouldBe(StatusCode.NotFound);

    [Fact]
    public async Task Other_services_of_the_system_read_no_traces() =>
        (await StatusAsync(() => new Traces(_host.Channel).ListTracesAsync(new ListTracesRequest(), _host.CallsAs("indexing").For("", "admin", TimeSpan.FromSeconds(20), Cancellation))))
            .ShouldBe(StatusCode.PermissionDenied);

    private CallOptions Options() => _host.CallsAs("gateway").For("", "admin", TimeSpan.FromSeconds(20), Cancellation);

    private static async Task<StatusCode> StatusAsync<TResponse>(Func<AsyncUnaryCall<TResponse>> call) =>
        (await Should.ThrowAsync<RpcException>(async () => await call())).StatusCode;
}
