namespace Orchestration.Benchmarks.Explorer;

/// <summary>When requests begin: all months alike, weekdays and working hours more than nights.</summary>
internal sealed class LedgerCalendar
{
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(15);

    private readonly int _rows;

    public LedgerCalendar(int rows, int months, DateTimeOffset now)
    {
        _rows = rows;
        End = now;
        var first = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1 - months);
        Months = [.. Enumerable.Range(0, months).Select(first.AddMonths)];
    }

    /// <summary>First instants, rising.</summary>
    public IReadOnlyList<DateTimeOffset> Months { get; }

    public DateTimeOffset Begin => Months[0];

    public DateTimeOffset End { get; }

    /// <summary>Starts of the requests of a month, rising.</summary>
    public IEnumerable<DateTimeOffset> Starts(DateTimeOffset month, Random random)
    {
        var end = month.AddMonths(1) < End ? month.AddMonths(1) : End;
        var slots = new List<(DateTimeOffset Start, double Weight)>();
        for (var start = month; start + Slot <= end; start += Slot)
            slots.Add((start, WeightOf(start)));
        var wanted = _rows * ((end - month) / (End - Begin)) / slots.Sum(slot => slot.Weight);
        var owed = 0.0;
        foreach (var (start, weight) in slots)
        {
            owed += weight * wanted;
            var count = (int)owed;
            owed -= count;
            for (var index = 0; index < count; index++)
                yield return start + TimeSpan.FromMicroseconds((long)((index + random.NextDouble()) / count * Slot.TotalMicroseconds));
        }
    }

    private static double WeightOf(DateTimeOffset start) =>
        (start.Hour is >= 8 and < 18 ? 1.0 : start.Hour is >= 6 and < 22 ? 0.2 : 0.02)
        * (start.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.15 : 1.0);
}
