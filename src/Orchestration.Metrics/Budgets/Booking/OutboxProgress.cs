using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Budgets.Booking;

/// <summary>
/// Remembers, in the transaction that records a batch, which numbers of which outbox slot were recorded and where slots changed hands.
/// By that the ledger knows when it has heard a dead gateway to the end.
/// </summary>
internal static class OutboxProgress
{
    private const string AddRanges = """
        INSERT INTO outbox_ranges AS r (instance, first_sequence, last_sequence)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
        ON CONFLICT (instance, first_sequence) DO UPDATE SET last_sequence = excluded.last_sequence
        WHERE r.last_sequence < excluded.last_sequence
        """;

    private const string AddTurnovers = """
        INSERT INTO outbox_turnovers (instance, sequence) SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT DO NOTHING
        """;

    public static async Task RecordAsync(NpgsqlConnection connection, IReadOnlyList<SequencedEvent> events, CancellationToken cancellationToken)
    {
        var ranges = RangesOf(events);
        if (ranges.Count == 0)
            return;

        await connection.Command(
            AddRanges,
            ranges.Select(range => range.Instance).ToArray(),
            ranges.Select(range => range.First).ToArray(),
            ranges.Select(range => range.Last).ToArray()).ExecuteAsync(cancellationToken);

        var turnovers = events.Where(item => item.Event.Type == nameof(OutboxSlotTaken)).DistinctBy(item => (item.Instance, item.Sequence)).ToList();
        if (turnovers.Count > 0)
        {
            await connection.Command(
                AddTurnovers,
                turnovers.Select(item => item.Instance).ToArray(),
                turnovers.Select(item => item.Sequence).ToArray()).ExecuteAsync(cancellationToken);
        }
    }

    /// <summary>The numbers of the events as ranges without gaps, one per start.</summary>
    internal static List<(string Instance, long First, long Last)> RangesOf(IReadOnlyList<SequencedEvent> events)
    {
        List<(string Instance, long First, long Last)> ranges = [];
        foreach (var item in events.Where(item => item.Instance.Length > 0).OrderBy(item => item.Instance, StringComparer.Ordinal).ThenBy(item => item.Sequence))
        {
            if (ranges.Count > 0 && ranges[^1].Instance == item.Instance && item.Sequence <= ranges[^1].Last + 1)
                ranges[^1] = ranges[^1] with { Last = item.Sequence };
            else
                ranges.Add((item.Instance, item.Sequence, item.Sequence));
        }

        return ranges;
    }
}
