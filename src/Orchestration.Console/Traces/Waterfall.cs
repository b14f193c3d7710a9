using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Console.Traces;

/// <summary>One bar of a waterfall: where it stands and how deep it is nested.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">0 for a root, one more for each parent that is shown.</param>
/// <param name="LeftPercent">Start, as a share of the whole trace, 0 to 100.</param>
/// <param name="WidthPercent">Length, as a share of the whole trace, at least 0.2.</param>
/// <param name="Linked">The span belongs to another trace and was found by a link.</param>
internal sealed record WaterfallRow(Span Span, int Depth, double LeftPercent, double WidthPercent, bool Linked);

/// <summary>Lays the spans of a trace out: parents before children, each level by start.</summary>
internal static class Waterfall
{
    public static IReadOnlyList<WaterfallRow> Layout(Trace trace)
    {
        if (trace.Spans.Count == 0)
            return [];

        var start = trace.Spans.Min(span => span.StartedAt.ToDateTimeOffset());
        var end = trace.Spans.Max(span => span.StartedAt.ToDateTimeOffset() + span.Duration.ToTimeSpan());
        var scale = Math.Max((end - start).TotalMilliseconds, 0.001) / 100;
        var known = trace.Spans.Select(span => span.SpanId).ToHashSet();
        var children = trace.Spans.ToLookup(span => known.Contains(span.ParentSpanId) ? span.ParentSpanId : "");

        var rows = new List<WaterfallRow>(trace.Spans.Count);
        Append("", 0);
        return rows;

        void Append(string parent, int depth)
        {
            foreach (var span in children[parent].OrderBy(span => span.StartedAt.ToDateTimeOffset()))
            {
                var left = (span.StartedAt.ToDateTimeOffset() - start).TotalMilliseconds / scale;
                var width = Math.Max(span.Duration.ToTimeSpan().TotalMilliseconds / scale, 0.2);
                rows.Add(new WaterfallRow(span, depth, left, width, span.TraceId.Length > 0 && span.TraceId != trace.TraceId));
                Append(span.SpanId, depth + 1);
            }
        }
    }
}
