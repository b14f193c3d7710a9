using System.Buffers.Binary;

namespace Orchestration.Metrics.Recording;

/// <summary>A batch folded to one row per request and attempt, since one statement may touch a row only once.</summary>
internal sealed class LedgerRows
{
    private readonly SortedDictionary<Guid, RequestRow> _requests = [];
    private readonly SortedDictionary<Guid, AttemptRow> _attempts = [];

    /// <summary>By id: transactions that lock in one order cannot deadlock.</summary>
    public IReadOnlyCollection<RequestRow> Requests => _requests.Values;

    /// <summary>By id, as <see cref="Requests"/>.</summary>
    public IReadOnlyCollection<AttemptRow> Attempts => _attempts.Values;

    public List<RefusedEvent> Refused { get; } = [];

    public int Ignored { get; private set; }

    public static LedgerRows Fold(IReadOnlyList<SequencedEvent> events)
    {
        var rows = new LedgerRows();
        foreach (var source in events)
            rows.Add(source);
        return rows;
    }

    /// <summary>Refuses all that tells of ids from before an instant.</summary>
    public void RefuseBefore(DateTimeOffset moment)
    {
        Span<byte> first = stackalloc byte[16];
        first.Clear();
        BinaryPrimitives.WriteInt64BigEndian(first, moment.ToUnixTimeMilliseconds() << 16);
        var oldest = new Guid(first, bigEndian: true);
        RefuseBefore(_requests, oldest);
        RefuseBefore(_attempts, oldest);
    }

    private void RefuseBefore<TRow>(SortedDictionary<Guid, TRow> rows, Guid oldest)
        where TRow : ILedgerRow
    {
        while (rows.Count > 0 && rows.First() is var (id, row) && id < oldest)
        {
            rows.Remove(id);
            foreach (var told in new[] { row.First, row.Second }.OfType<SequencedEvent>())
                Refused.Add(new RefusedEvent(told, RefusedEvent.Dropped));
        }
    }

    private void Add(SequencedEvent source)
    {
        switch (EventReader.Read(source))
        {
            case EventReading.RequestOpened(var admitted):
                var opened = RequestRow(admitted.Payload.RequestId);
                if (Accepts(opened, opened.First, source, admitted.Payload.Dimensions.TenantId))
                    opened.Admitted ??= admitted;
                break;
            case EventReading.RequestClosed(var completed):
                var closed = RequestRow(completed.Payload.RequestId);
                if (Accepts(closed, closed.Second, source, completed.Payload.Dimensions.TenantId))
                    closed.Completed ??= completed;
                break;
            case EventReading.AttemptOpened(var started):
                var begun = AttemptRow(started.Payload.AttemptId);
                if (Accepts(begun, begun.First, source, started.Payload.Dimensions.TenantId))
                    begun.Started ??= started;
                break;
            case EventReading.AttemptClosed(var finished):
                var ended = AttemptRow(finished.Payload.AttemptId);
                if (Accepts(ended, ended.Second, source, finished.Payload.Dimensions.TenantId))
                    ended.Finished ??= finished;
                break;
            case EventReading.Refused(var reason):
                Refused.Add(new RefusedEvent(source, reason));
                break;
            default:
                Ignored++;
                break;
        }
    }

    private RequestRow RequestRow(Guid id) =>
        _requests.TryGetValue(id, out var row) ? row : _requests[id] = new RequestRow(id);

    private AttemptRow AttemptRow(Guid id) =>
        _attempts.TryGetValue(id, out var row) ? row : _attempts[id] = new AttemptRow(id);

    /// <summary>False when another event told this half of the row, or told it of another tenant.</summary>
    private bool Accepts(ILedgerRow row, SequencedEvent? told, SequencedEvent source, string tenantId)
    {
        if (told is not null && told.Event.EventId != source.Event.EventId)
        {
            Refused.Add(new RefusedEvent(source, RefusedEvent.Contradiction));
            return false;
        }

        if ((row.First ?? row.Second) is not null && row.Dimensions.TenantId != tenantId)
        {
            Refused.Add(new RefusedEvent(source, RefusedEvent.Contradiction));
            return false;
        }

        return true;
    }
}
