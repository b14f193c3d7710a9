using System.Globalization;
using NodaTime;
using Orchestration.Metrics.Budgets.Periods;

namespace Orchestration.Metrics.Reports;

/// <summary>Width of a report's periods.</summary>
internal enum ReportGrain
{
    Whole,
    Hour,
    Day,
    Month,
}

/// <summary>A period of a report, end excluded.</summary>
internal readonly record struct ReportPeriod(DateTimeOffset From, DateTimeOffset To);

/// <summary>The range of a report, cut at the hours, days or months of its zone.</summary>
internal sealed class ReportPeriods
{
    private readonly DateTimeZone _zone;

    private ReportPeriods(DateTimeZone zone, ReportGrain grain, IReadOnlyList<ReportPeriod> periods) => (_zone, Grain, All) = (zone, grain, periods);

    public ReportGrain Grain { get; }

    public IReadOnlyList<ReportPeriod> All { get; }

    public string TimeZone => _zone.Id;

    public DateTimeOffset From => All[0].From;

    public DateTimeOffset To => All[^1].To;

    /// <summary>Null when there would be more periods than are allowed.</summary>
    public static ReportPeriods? Cut(DateTimeOffset from, DateTimeOffset to, string timeZone, ReportGrain grain, int most)
    {
        var zone = DateTimeZoneProviders.Tzdb[timeZone];
        List<ReportPeriod> periods = [];
        for (var start = from; start < to;)
        {
            if (periods.Count == most)
                return null;
            var end = EndOf(start, zone, grain) is { } bound && bound < to ? bound : to;
            periods.Add(new ReportPeriod(start, end));
            start = end;
        }

        return new ReportPeriods(zone, grain, periods);
    }

    /// <summary>The first instant of a local date.</summary>
    public static DateTimeOffset StartOf(DateOnly date, string timeZone) =>
        DateTimeZoneProviders.Tzdb[timeZone].AtStartOfDay(LocalDate.FromDateOnly(date)).ToDateTimeOffset().ToUniversalTime();

    /// <summary>A period as people write its start.</summary>
    public string NameOf(ReportPeriod period)
    {
        var local = Instant.FromDateTimeOffset(period.From).InZone(_zone).ToDateTimeOffset();
        return Grain switch
        {
            ReportGrain.Month => local.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            ReportGrain.Day => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ReportGrain.Hour => local.ToString("yyyy-MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    private static DateTimeOffset? EndOf(DateTimeOffset start, DateTimeZone zone, ReportGrain grain) => grain switch
    {
        ReportGrain.Month => BudgetCalendar.For(PeriodKind.Month, zone.Id, start).At(start).EndsAt,
        ReportGrain.Day => BudgetCalendar.For(PeriodKind.Day, zone.Id, start).At(start).EndsAt,
        ReportGrain.Hour => NextHour(start, zone),
        _ => null,
    };

    // A zone may move its clocks by half an hour, after which an hour is cut short once.
    private static DateTimeOffset NextHour(DateTimeOffset start, DateTimeZone zone)
    {
        var offset = zone.GetUtcOffset(Instant.FromDateTimeOffset(start)).ToTimeSpan();
        return start.AddHours(1) - TimeSpan.FromTicks((start.UtcTicks + offset.Ticks) % TimeSpan.TicksPerHour);
    }
}
