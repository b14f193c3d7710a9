using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Journal;

/// <summary>The last requests, in a ring; the third witness next to the client's own record and the ledger.</summary>
internal sealed class RequestJournal(int capacity, TimeProvider time)
{
    private readonly JournalEntry?[] _ring = new JournalEntry?[capacity];
    private readonly ulong _instance = (ulong)time.GetUtcNow().UtcTicks;
    private long _last;

    public JournalEntry Begin(HttpContext context, Vendor vendor, string model, string kind, IdMaker? id = null)
    {
        var seq = Interlocked.Increment(ref _last);
        var headers = context.Request.Headers;
        var now = time.GetUtcNow();
        var random = new StableRandom(_instance ^ ((ulong)seq * 0x9E3779B97F4A7C15UL));
        var entry = new JournalEntry
        {
            Seq = seq,
            Id = id is null ? AnswerIds.Response(vendor.WireFor(model).AnswerId, _instance, seq, now) : id(ref random),
            Vendor = vendor.Id,
            Model = model,
            Kind = kind,
            Attempt = headers["x-orchestration-attempt"],
            TraceId = TraceIdOf(headers.TraceParent.ToString()),
            ClientRequestId = (string?)headers["x-request-id"] ?? headers["x-client-request-id"],
            StartedAt = now,
            Price = vendor.Find(model)?.Price,
        };
        Volatile.Write(ref _ring[(seq - 1) % capacity], entry);
        return entry;
    }

    public JournalPage Read(long after, int limit)
    {
        var last = Volatile.Read(ref _last);
        var from = Math.Max(after, last - capacity) + 1;
        var entries = new List<JournalEntry>();
        for (var seq = from; seq <= last && entries.Count < limit; seq++)
        {
            if (Volatile.Read(ref _ring[(seq - 1) % capacity]) is { } entry && entry.Seq == seq)
                entries.Add(entry);
        }
        return new JournalPage(entries.Count == limit ? entries[^1].Seq : last, entries);
    }

    public void Clear() => Array.Clear(_ring);

    private static string? TraceIdOf(string parent) => parent.Split('-') is [_, { Length: 32 } trace, ..] ? trace : null;
}

/// <summary>Makes the id of an answer.</summary>
internal delegate string IdMaker(ref StableRandom random);

/// <param name="Next">What to pass as <c>after</c> for the entries that follow.</param>
/// <param name="Entries">Oldest first.</param>
internal sealed record JournalPage(long Next, IReadOnlyList<JournalEntry> Entries);
