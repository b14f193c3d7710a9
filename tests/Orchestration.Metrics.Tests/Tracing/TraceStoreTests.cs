using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestration.Metrics.Tracing;
using Orchestration.Metrics.Tracing.Otlp;

namespace Orchestration.Metrics.Tests.Tracing;

public sealed class TraceStoreTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricsTelemetry _telemetry;

    public TraceStoreTests() => _telemetry = new MetricsTelemetry(_services.GetRequiredService<IMeterFactory>());

    public void Dispose()
    {
        _telemetry.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Trace_is_found_with_its_spans_by_start()
    {
        var store = Store();
        Add(store, "providers", OtlpMessages.Span(1, 2, parent: 1, at: 20));
        Add(store, "gateway", OtlpMessages.Span(1, 1, name: "POST /v1/chat/completions"));

        store.Find(1)!.Select(span => span.SpanId).ShouldBe([1ul, 2ul]);
        store.Find(9).ShouldBeNull();
        var overview = store.List(10, "").ShouldHaveSingleItem();
        overview.Name.ShouldBe("POST /v1/chat/completions");
        overview.Service.ShouldBe("gateway");
        overview.Services.ShouldBe(["gateway", "providers"]);
        overview.SpanCount.ShouldBe(2);
    }

    [Fact]
    public void Same_span_twice_counts_once()
    {
        var store = Store();
        Add(store, "gateway", OtlpMessages.Span(1, 1));
        var bytes = store.ByteCount;

        Add(store, "gateway", OtlpMessages.Span(1, 1));

        store.SpanCount.ShouldBe(1);
        store.ByteCount.ShouldBe(bytes);
    }

    [Fact]
    public void Span_that_links_to_a_trace_is_found_with_what_lies_below_it()
    {
        var store = Store();
        Add(store, "gateway", OtlpMessages.Span(1, 1));
        Add(store, "gateway", OtlpMessages.Span(7, 1, name: "relay", at: 5), OtlpMessages.Span(7, 9, parent: 1, name: "other branch", at: 6));
        Add(store, "metrics",
            OtlpMessages.Span(7, 4, parent: 3, name: "INSERT", kind: Span.Types.SpanKind.Client, at: 30),
            OtlpMessages.Span(7, 3, parent: 2, name: "ledger write, more links", at: 20),
            OtlpMessages.Span(7, 2, parent: 1, name: "ledger write", kind: Span.Types.SpanKind.Consumer, at: 10).LinkedTo(1, 1).LinkedTo(2, 1));

        store.Find(1)!.Select(span => span.Name).ShouldBe(["work", "ledger write", "ledger write, more links", "INSERT"]);
        store.Find(1)!.Select(span => span.TraceId).ShouldBe([1, 7, 7, 7]);
    }

    [Fact]
    public void Oldest_traces_go_when_spans_reach_their_bound()
    {
        var store = Store(maxSpans: 10);
        for (byte trace = 1; trace <= 20; trace++)
            Add(store, "gateway", OtlpMessages.Span(trace, 1, at: trace), OtlpMessages.Span(trace, 2, parent: 1, at: trace).LinkedTo(200, 1));

        store.SpanCount.ShouldBe(10);
        store.List(100, "").Select(trace => (int)trace.TraceId).ShouldBe([20, 19, 18, 17, 16]);
        store.Find(15).ShouldBeNull();
        Add(store, "gateway", OtlpMessages.Span(200, 1));
        store.Find(200)!.Count(span => span.TraceId != 200).ShouldBe(4);
    }

    [Fact]
    public void Bytes_are_bounded_too()
    {
        var store = Store(maxBytes: 20_000);
        for (byte trace = 1; trace <= 100; trace++)
            Add(store, "gateway", OtlpMessages.Span(trace, 1).With("text", new string('x', 500)));

        store.ByteCount.ShouldBeInRange(1, 20_000);
        store.Find(100).ShouldNotBeNull();
        store.Find(1).ShouldBeNull();
    }

    [Fact]
    public void One_endless_trace_does_not_push_out_the_others()
    {
        var store = Store(maxSpansPerTrace: 5);
        Add(store, "gateway", OtlpMessages.Span(1, 1));
        for (byte span = 1; span <= 50; span++)
            Add(store, "indexing", OtlpMessages.Span(2, span));

        store.Find(2)!.Count.ShouldBe(5);
        store.Find(1).ShouldNotBeNull();
    }

    [Fact]
    public void Nothing_is_left_behind_when_everything_was_evicted()
    {
        var store = Store(maxSpans: 1, maxBytes: 1);
        for (byte trace = 1; trace <= 10; trace++)
            Add(store, "gateway", OtlpMessages.Span(trace, 1).LinkedTo(99, 1));

        store.SpanCount.ShouldBe(0);
        store.ByteCount.ShouldBe(0);
        store.List(10, "").ShouldBeEmpty();
    }

    [Fact]
    public void Polls_and_probes_are_not_listed_but_can_be_found()
    {
        var store = Store();
        Add(store, "gateway", OtlpMessages.Span(1, 1, kind: Span.Types.SpanKind.Client, name: "SELECT changes"));
        Add(store, "gateway", OtlpMessages.Span(2, 1, name: "GET /health").With("url.path", "/health"));
        Add(store, "gateway", OtlpMessages.Span(3, 1, name: "POST"));

        store.List(10, "").Select(trace => (int)trace.TraceId).ShouldBe([3]);
        store.Find(1).ShouldNotBeNull();
    }

    [Fact]
    public void List_is_filtered_by_service_and_cut_to_size()
    {
        var store = Store();
        for (byte trace = 1; trace <= 6; trace++)
            Add(store, trace % 2 == 0 ? "gateway" : "indexing", OtlpMessages.Span(trace, 1, at: trace));

        store.List(2, "gateway").Select(trace => (int)trace.TraceId).ShouldBe([6, 4]);
    }

    private TraceStore Store(int maxSpans = 1_000, long maxBytes = 1 << 20, int maxSpansPerTrace = 100) => new(
        Options.Create(new TraceStoreOptions { MaxSpans = maxSpans, MaxBytes = maxBytes, MaxSpansPerTrace = maxSpansPerTrace }), _telemetry);

    private static void Add(TraceStore store, string service, params Span[] spans) =>
        store.Add(OtlpSpans.Read(OtlpMessages.Export(service, spans)));
}
