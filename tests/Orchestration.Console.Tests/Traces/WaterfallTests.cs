using Google.Protobuf.WellKnownTypes;
using Orchestration.Console.Traces;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Console.Tests.Traces;

public sealed class WaterfallTests
{
    private const string TraceId = "0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Empty_trace_has_no_rows() => Waterfall.Layout(new Trace()).ShouldBeEmpty();

    [Fact]
    public void Children_stand_below_their_parents_by_start()
    {
        var rows = Layout(Span("late", "root", 60, 10), Span("inner", "early", 15, 5), Span("early", "root", 10, 20), Span("root", "", 0, 100));

        Shape(rows).ShouldBe(["0 root", "1 early", "2 inner", "1 late"]);
    }

    [Fact]
    public void Bars_are_shares_of_the_whole_trace()
    {
        var rows = Layout(Span("root", "", 100, 200), Span("child", "root", 150, 50));

        rows.Select(row => (row.LeftPercent, row.WidthPercent)).ShouldBe([(0, 100), (25, 25)]);
    }

    [Fact]
    public void Child_that_outlives_its_parent_stays_on_the_page()
    {
        var rows = Layout(Span("root", "", 0, 50), Span("late", "root", 80, 20));

        rows.ShouldAllBe(row => row.LeftPercent >= 0 && row.LeftPercent + row.WidthPercent <= 100.001);
    }

    [Fact]
    public void Span_without_its_parent_is_a_root() =>
        Shape(Layout(Span("root", "", 0, 10), Span("orphan", "never-exported", 5, 5), Span("child", "orphan", 6, 1)))
            .ShouldBe(["0 root", "0 orphan", "1 child"]);

    [Fact]
    public void Span_of_another_trace_is_marked()
    {
        var linked = Span("settle", "", 5, 1);
        linked.TraceId = new string('f', 32);
        var own = Span("root", "", 0, 10);
        own.TraceId = TraceId;

        Layout(own, linked, Span("unsaid", "root", 1, 1)).Where(row => row.Linked).Select(row => row.Span.SpanId).ShouldBe(["settle"]);
    }

    [Fact]
    public void Span_that_took_no_time_is_still_to_be_seen()
    {
        Layout(Span("root", "", 0, 100), Span("event", "root", 50, 0))[1].WidthPercent.ShouldBe(0.2);
        var alone = Layout(Span("only", "", 0, 0)).Single();
        (double.IsFinite(alone.LeftPercent), alone.WidthPercent).ShouldBe((true, 0.2));
    }

    [Fact]
    public void Spans_that_name_each_other_as_parents_are_all_shown() =>
        Shape(Layout(Span("root", "", 0, 10), Span("a", "b", 1, 1), Span("b", "a", 2, 1), Span("self", "self", 3, 1)))
            .ShouldBe(["0 root", "0 a", "1 b", "0 self"]);

    [Fact]
    public void Spans_of_one_id_are_all_shown_once() =>
        Shape(Layout(Span("root", "", 0, 10), Span("twin", "root", 1, 1), Span("twin", "root", 2, 1), Span("child", "twin", 3, 1)))
            .ShouldBe(["0 root", "1 twin", "2 child", "1 twin"]);

    [Fact]
    public void Span_that_was_exported_twice_is_shown_once() =>
        Shape(Layout(Span("root", "", 0, 10), Span("child", "root", 1, 1), Span("child", "root", 1, 1))).ShouldBe(["0 root", "1 child"]);

    [Fact]
    public void Spans_without_ids_are_all_shown() =>
        Shape(Layout(Span("", "", 0, 10), Span("root", "", 1, 1))).ShouldBe(["0 ", "0 root"]);

    [Fact]
    public void Span_without_times_does_not_lose_the_page() => Layout(new Span { SpanId = "bare" }).Single().Span.SpanId.ShouldBe("bare");

    [Fact]
    public void Chain_of_any_depth_is_laid_out()
    {
        const int Depth = 20_000;
        var spans = Enumerable.Range(0, Depth).Select(i => Span($"s{i}", i == 0 ? "" : $"s{i - 1}", i, 1)).ToArray();

        var rows = Layout(spans);

        rows.Count.ShouldBe(Depth);
        rows[^1].Depth.ShouldBe(Depth - 1);
    }

    [Fact]
    public void Many_spans_of_one_id_take_no_square_of_the_time()
    {
        var spans = Enumerable.Range(0, 20_000).Select(i => Span("same", "same", i, 1)).ToArray();

        Layout(spans).Count.ShouldBe(spans.Length);
    }

    private static IReadOnlyList<WaterfallRow> Layout(params Span[] spans) => Waterfall.Layout(new Trace { TraceId = TraceId, Spans = { spans } });

    private static IEnumerable<string> Shape(IEnumerable<WaterfallRow> rows) => rows.Select(row => $"{row.Depth} {row.Span.SpanId}");

    private static Span Span(string id, string parent, int startMs, int lengthMs) => new()
    {
        SpanId = id,
        ParentSpanId = parent,
        StartedAt = Start.AddMilliseconds(startMs).ToTimestamp(),
        Duration = TimeSpan.FromMilliseconds(lengthMs).ToDuration(),
    };
}
