using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Console.Traces;

/// <summary>One bar of a waterfall: where it stands and how deep it is nested.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">0 for a root, one more for each parent that is shown.</param>
/// <param name="LeftPercent">Start, as a share of the whole trace, 0 to 100.</param>
/// <param name="WidthPercent">Length, as a share of the whole trace, at least 0.2.</param>
/// <param name="Linked">The span belongs to another trace and was found by a link.</param>
internal sealed record WaterfallRow(Span Span, int Depth, double LeftPercent, double WidthPercent, bool Linked);

/// <summary>Lays the spans of a trace out: parents before children, each level by start. Every span stands in it once.</summary>
internal static class Waterfall
{
    public static IReadOnlyList<WaterfallRow> Layout(Trace trace)
    {
        if (trace.Spans.Count == 0)
            return [];

        var start = trace.Spans.Min(StartOf);
        var scale = Math.Max((trace.Spans.Max(EndOf) - start).TotalMilliseconds, 0.001) / 100;
        return [.. Ordered(trace.Spans).Select(placed => new WaterfallRow(
            placed.Span,
            placed.Depth,
            (StartOf(placed.Span) - start).TotalMilliseconds / scale,
            Math.Max(LengthOf(placed.Span).TotalMilliseconds / scale, 0.2),
            placed.Span.TraceId.Length > 0 && placed.Span.TraceId != trace.TraceId))];
    }

    // What services report is not always a tree: parents are missing, name each other in a circle or share an id, and a span
    // that was exported again comes twice.
    private static List<(Span Span, int Depth)> Ordered(RepeatedField<Span> spans)
    {
        var ordered = new List<(Span, int)>(spans.Count);
        var placed = new HashSet<Span>();
        var expanded = new HashSet<string>(StringComparer.Ordinal) { "" };
        var known = spans.Select(span => span.SpanId).ToHashSet(StringComparer.Ordinal);
        var children = spans.ToLookup(span => span.ParentSpanId, StringComparer.Ordinal);
        var byStart = spans.OrderBy(StartOf).ToList();
        foreach (var root in byStart.Where(span => span.ParentSpanId.Length == 0 || !known.Contains(span.ParentSpanId)).Concat(byStart))
        {
            // A stack of our own: a chain of calls may be deeper than the thread's.
            var waiting = new Stack<(Span Span, int Depth)>([(root, 0)]);
            while (waiting.TryPop(out var next))
            {
                if (!placed.Add(next.Span))
                    continue;

                ordered.Add(next);
                if (!expanded.Add(next.Span.SpanId))
                    continue;

                foreach (var child in children[next.Span.SpanId].OrderByDescending(StartOf))
                    waiting.Push((child, next.Depth + 1));
            }
        }

        return ordered;
    }

    private static DateTimeOffset StartOf(Span span) => (span.StartedAt ?? new Timestamp()).ToDateTimeOffset();

    private static DateTimeOffset EndOf(Span span) => StartOf(span) + LengthOf(span);

    private static TimeSpan LengthOf(Span span) => span.Duration?.ToTimeSpan() ?? TimeSpan.Zero;
}
