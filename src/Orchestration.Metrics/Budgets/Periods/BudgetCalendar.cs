using NodaTime;
using NodaTime.TimeZones;

namespace Orchestration.Metrics.Budgets.Periods;

/// <summary>
/// The bounds of periods in a time zone. A bound is the first instant of a local date; every instant lies in exactly one period,
/// whatever a zone does to its clocks.
/// </summary>
internal sealed class BudgetCalendar
{
    // A midnight that comes twice counts when it comes first; one that is left out, when the clocks have jumped over it.
    private static readonly ZoneLocalMappingResolver Midnight =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private readonly PeriodKind _kind;
    private readonly DateTimeZone _zone;
    private readonly DateTimeOffset _begin;

    private BudgetCalendar(PeriodKind kind, DateTimeZone zone, DateTimeOffset begin) => (_kind, _zone, _begin) = (kind, zone, begin);

    /// <param name="kind">Kind of period.</param>
    /// <param name="timeZone">IANA name.</param>
    /// <param name="begin">When a lifetime begins.</param>
    public static BudgetCalendar For(PeriodKind kind, string timeZone, DateTimeOffset begin) =>
        new(kind, DateTimeZoneProviders.Tzdb[timeZone], begin);

    public static bool IsZone(string timeZone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is not null;

    /// <summary>The period that an instant lies in.</summary>
    public PeriodBounds At(DateTimeOffset instant)
    {
        if (_kind == PeriodKind.Lifetime)
            return new PeriodBounds(_begin, null);

        // Clocks that were set back show yesterday's date again after today's first instant: so the search begins a day ahead.
        var date = FirstDate(DateOf(instant).PlusDays(1));
        while (StartOf(date) > instant)
            date = FirstDate(date.PlusDays(-1));
        return new PeriodBounds(StartOf(date), NextStart(date, instant));
    }

    /// <summary>The first bound that is not before an instant; null when there is none.</summary>
    public DateTimeOffset? BoundAtOrAfter(DateTimeOffset instant)
    {
        var period = At(instant);
        return _kind != PeriodKind.Lifetime && period.StartsAt == instant ? instant : period.EndsAt;
    }

    /// <summary>
    /// The end of a running period after its budget got this calendar. A period is never cut short and never doubled: it runs on to this
    /// calendar's first bound at or after the end that was announced when it began. One that had no end ends at the next bound.
    /// </summary>
    public DateTimeOffset? EndAfterChange(DateTimeOffset? announcedEnd, DateTimeOffset now) =>
        BoundAtOrAfter(announcedEnd is { } end && end > now ? end : now.AddTicks(1));

    // A zone that skips a whole day gives two dates the same first instant; the later one counts.
    private DateTimeOffset NextStart(LocalDate date, DateTimeOffset instant)
    {
        do
            date = Following(date);
        while (StartOf(date) <= instant);
        return StartOf(date);
    }

    private LocalDate DateOf(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(_zone).Date;

    private LocalDate FirstDate(LocalDate date) => _kind switch
    {
        PeriodKind.Week => date.DayOfWeek == IsoDayOfWeek.Monday ? date : date.Previous(IsoDayOfWeek.Monday),
        PeriodKind.Month => new LocalDate(date.Year, date.Month, 1),
        _ => date,
    };

    private LocalDate Following(LocalDate date) => _kind switch
    {
        PeriodKind.Week => date.PlusWeeks(1),
        PeriodKind.Month => date.PlusMonths(1),
        _ => date.PlusDays(1),
    };

    private DateTimeOffset StartOf(LocalDate date) => _zone.ResolveLocal(date.AtMidnight(), Midnight).ToInstant().ToDateTimeOffset();
}
