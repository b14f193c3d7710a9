namespace Orchestration.Metrics.Reports;

/// <summary>Which buckets of which width make up the periods of a report.</summary>
internal sealed class BucketRanges
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public List<int> Ordinals { get; } = [];

    public List<string> Grains { get; } = [];

    public List<DateTimeOffset> From { get; } = [];

    public List<DateTimeOffset> To { get; } = [];

    /// <summary>Whole days of UTC where they lie inside a period, narrow buckets at its edges.</summary>
    public static BucketRanges WithDays(IReadOnlyList<ReportPeriod> periods, string narrow, string day)
    {
        var ranges = new BucketRanges();
        for (var ordinal = 0; ordinal < periods.Count; ordinal++)
        {
            var (from, to) = (periods[ordinal].From, periods[ordinal].To);
            var (firstDay, lastDay) = (Floor(from.Add(Day).AddTicks(-1)), Floor(to));
            if (firstDay >= lastDay)
            {
                ranges.Add(ordinal, narrow, from, to);
                continue;
            }

            ranges.Add(ordinal, narrow, from, firstDay);
            ranges.Add(ordinal, day, firstDay, lastDay);
            ranges.Add(ordinal, narrow, lastDay, to);
        }

        return ranges;
    }

    /// <summary>Whole months of UTC where they lie inside a period, days at its edges.</summary>
    public static BucketRanges WithMonths(IReadOnlyList<ReportPeriod> periods, string day, string month)
    {
        var ranges = new BucketRanges();
        for (var ordinal = 0; ordinal < periods.Count; ordinal++)
        {
            var (from, to) = (periods[ordinal].From, periods[ordinal].To);
            var (firstMonth, lastMonth) = (FloorMonth(from) == from ? from : FloorMonth(from).AddMonths(1), FloorMonth(to));
            if (firstMonth >= lastMonth)
            {
                ranges.Add(ordinal, day, from, to);
                continue;
            }

            ranges.Add(ordinal, day, from, firstMonth);
            ranges.Add(ordinal, month, firstMonth, lastMonth);
            ranges.Add(ordinal, day, lastMonth, to);
        }

        return ranges;
    }

    /// <summary>Buckets of one width only.</summary>
    public static BucketRanges Of(IReadOnlyList<ReportPeriod> periods, string grain)
    {
        var ranges = new BucketRanges();
        for (var ordinal = 0; ordinal < periods.Count; ordinal++)
            ranges.Add(ordinal, grain, periods[ordinal].From, periods[ordinal].To);
        return ranges;
    }

    /// <summary>Whether every period begins and ends on a multiple of a width since the epoch.</summary>
    public static bool Fit(IReadOnlyList<ReportPeriod> periods, TimeSpan width) =>
        periods.All(period => period.From.UtcTicks % width.Ticks == 0 && period.To.UtcTicks % width.Ticks == 0);

    private void Add(int ordinal, string grain, DateTimeOffset from, DateTimeOffset to)
    {
        if (from >= to)
            return;
        Ordinals.Add(ordinal);
        Grains.Add(grain);
        From.Add(from);
        To.Add(to);
    }

    private static DateTimeOffset FloorMonth(DateTimeOffset moment) => new(moment.UtcDateTime.Year, moment.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset Floor(DateTimeOffset moment) => new(moment.UtcTicks - moment.UtcTicks % Day.Ticks, TimeSpan.Zero);
}
