using Google.Protobuf;
using Orchestration.Metrics.Tracing;
using Orchestration.Metrics.Tracing.Otlp;

namespace Orchestration.Metrics.Tests.Tracing;

public sealed class OtlpSpansTests
{
    [Fact]
    public void Span_is_read_with_service_kind_and_links()
    {
        var span = OtlpMessages.Span(1, 2, parent: 3, kind: Span.Types.SpanKind.Client).LinkedTo(4, 5).With("db.system.name", "postgresql");
        span.Status = new Status { Code = Status.Types.StatusCode.Error };

        var stored = OtlpSpans.Read(OtlpMessages.Export("gateway", span)).ShouldHaveSingleItem();

        (stored.TraceId, stored.SpanId, stored.ParentSpanId).ShouldBe(((UInt128)1, 2ul, 3ul));
        stored.Service.ShouldBe("gateway");
        stored.Kind.ShouldBe(StoredSpanKind.Client);
        stored.Failed.ShouldBeTrue();
        stored.Links.ShouldHaveSingleItem().ShouldBe(new StoredLink(4, 5));
        stored.Attributes.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("db.system.name", "postgresql"));
    }

    [Fact]
    public void Prompts_and_credentials_are_not_kept()
    {
        var span = OtlpMessages.Span(1, 2)
            .With("gen_ai.input.messages", "canary")
            .With("gen_ai.output.messages", "canary")
            .With("gen_ai.prompt.0.content", "canary")
            .With("http.request.header.authorization", "canary")
            .With("gen_ai.request.model", "small");

        OtlpSpans.Read(OtlpMessages.Export("gateway", span)).Single().Attributes.Select(attribute => attribute.Key).ShouldBe(["gen_ai.request.model"]);
    }

    [Fact]
    public void Names_values_and_counts_are_capped()
    {
        var span = OtlpMessages.Span(1, 2, name: new string('n', 5_000));
        for (var index = 0; index < 500; index++)
            span.With($"key{index}", new string('v', 5_000)).LinkedTo((byte)(1 + (index % 250)), 1);

        var stored = OtlpSpans.Read(OtlpMessages.Export("gateway", span)).Single();

        stored.Name.Length.ShouldBe(256);
        stored.Attributes.Count.ShouldBe(48);
        stored.Attributes.ShouldAllBe(attribute => attribute.Value.Length == 512);
        stored.Links.Count.ShouldBe(128);
    }

    [Fact]
    public void Malformed_spans_are_left_out_and_nonsense_times_do_no_harm()
    {
        var noTrace = OtlpMessages.Span(1, 1);
        noTrace.TraceId = ByteString.CopyFrom(1, 2, 3);
        var noId = OtlpMessages.Span(0, 1);
        var backwards = OtlpMessages.Span(1, 2);
        backwards.StartTimeUnixNano = ulong.MaxValue;
        backwards.EndTimeUnixNano = 0;

        var stored = OtlpSpans.Read(OtlpMessages.Export("gateway", noTrace, noId, backwards)).ShouldHaveSingleItem();

        stored.EndUnixNano.ShouldBe(stored.StartUnixNano);
        stored.ToSpan().Duration.ToTimeSpan().ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Deep_arrays_are_not_followed()
    {
        var value = new AnyValue { StringValue = "deep" };
        for (var depth = 0; depth < 50; depth++)
            value = new AnyValue { ArrayValue = new ArrayValue { Values = { value } } };
        var span = OtlpMessages.Span(1, 2);
        span.Attributes.Add(new KeyValue { Key = "array", Value = value });

        OtlpSpans.Read(OtlpMessages.Export("gateway", span)).Single().Attributes.Single().Value.ShouldBe("…");
    }
}
