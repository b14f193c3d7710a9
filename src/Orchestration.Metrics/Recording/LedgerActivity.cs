using System.Diagnostics;
using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// The "ledger write" span of a batch, linked to every trace that its events come from. Exporters keep 128 links of a span, so a
/// batch of more traces gets further spans inside the first; the SQL stands in the innermost, below all of them.
/// </summary>
internal sealed class LedgerActivity : IDisposable
{
    private const int LinksPerSpan = 120;

    private readonly Stack<Activity> _activities = new();

    private LedgerActivity()
    {
    }

    public static LedgerActivity Start(MetricsTelemetry telemetry, LedgerBatch batch, IReadOnlyList<SequencedEvent> events)
    {
        var scope = new LedgerActivity();
        if (!telemetry.Activities.HasListeners())
            return scope;

        var links = LinksOf(events);
        for (var offset = 0; offset == 0 || offset < links.Count; offset += LinksPerSpan)
        {
            var activity = telemetry.Activities.StartActivity(
                "ledger write",
                ActivityKind.Consumer,
                parentContext: Activity.Current?.Context ?? default,
                links: links.Skip(offset).Take(LinksPerSpan));
            if (activity is null)
                break;

            activity.SetTag("orchestration.outbox.instance", batch.Instance);
            activity.SetTag("orchestration.outbox.first_sequence", batch.FirstSequence);
            activity.SetTag("messaging.batch.message_count", events.Count);
            scope._activities.Push(activity);
        }

        return scope;
    }

    public void Dispose()
    {
        while (_activities.TryPop(out var activity))
            activity.Dispose();
    }

    /// <summary>One link for each trace, to the span that its first event tells of.</summary>
    private static List<ActivityLink> LinksOf(IReadOnlyList<SequencedEvent> events)
    {
        var seen = new HashSet<ActivityTraceId>();
        var links = new List<ActivityLink>();
        foreach (var item in events)
        {
            if (ActivityContext.TryParse(item.Event.TraceParent, null, isRemote: true, out var context) && seen.Add(context.TraceId))
                links.Add(new ActivityLink(context));
        }

        return links;
    }
}
