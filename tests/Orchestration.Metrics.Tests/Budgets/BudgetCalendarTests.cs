using NodaTime;
using Orchestration.Metrics.Budgets.Periods;

namespace Orchestration.Metrics.Tests.Budgets;

public sealed class BudgetCalendarTests
{
    private static readonly DateTimeOffset First = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Last = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Daylight saving in both halves of the earth, half and quarter hours, midnights that do not exist or come twice, and zones that
    // gave daylight saving up or moved for good in these years.
    public static TheoryData<string> Zones =>
    [
        "UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Kolkata", "America/Sao_Paulo",
        "America/Santiago", "Africa/Cairo", "Asia/Beirut", "Asia/Tehran", "America/Havana", "Asia/Gaza", "Pacific/Apia", "Pacific/Chatham",
        "America/St_Johns", "Africa/Casablanca", "Asia/Amman", "America/Asuncion",
    ];

    [Theory]
    [MemberData(nameof(Zones))]
    public void Ten_years_have_one_reset_at_the_first_instant_of_each_period(string zone)
    {
        var days = FirstInstants(zone);
        foreach (var kind in Enum.GetValues<PeriodKind>())
        {
            var calendar = BudgetCalendar.For(kind, zone, First);
            List<DateTimeOffset> resets = [];
            for (var period = calendar.At(First); period.EndsAt is { } end && end < Last; period = calendar.At(end))
            {
                resets.Add(end);
                calendar.At(end).StartsAt.ShouldBe(end, $"{kind} {zone}");
                calendar.At(end.AddTicks(-1)).EndsAt.ShouldBe(end, $"{kind} {zone}");
            }

            resets.ShouldBe(Resets(kind, days), $"{kind} {zone}");
        }
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void Every_instant_lies_in_the_period_that_it_is_said_to_lie_in(string zone)
    {
        var random = new Random(zone.Length);
        foreach (var kind in Enum.GetValues<PeriodKind>())
        {
            var calendar = BudgetCalendar.For(kind, zone, First);
            for (var count = 0; count < 500; count++)
            {
                var instant = First.AddTicks(random.NextInt64((Last - First).Ticks));
                calendar.At(instant).Contains(instant).ShouldBeTrue($"{kind} {zone} {instant:O}");
            }
        }
    }

    [Fact]
    public void Leap_day_is_a_day_of_its_own_and_belongs_to_february()
    {
        var leapDay = new DateTimeOffset(2028, 2, 29, 12, 0, 0, TimeSpan.Zero);

        BudgetCalendar.For(PeriodKind.Day, "UTC", First).At(leapDay).ShouldBe(new PeriodBounds(leapDay.AddHours(-12), leapDay.AddHours(12)));
        BudgetCalendar.For(PeriodKind.Month, "UTC", First).At(leapDay).EndsAt.ShouldBe(leapDay.AddHours(12));
    }

    [Fact]
    public void Lifetime_never_ends() => BudgetCalendar.For(PeriodKind.Lifetime, "UTC", First).At(Last).ShouldBe(new PeriodBounds(First, null));

    [Fact]
    public void Changed_calendar_neither_cuts_a_period_short_nor_doubles_it()
    {
        (PeriodKind, PeriodKind)[] changes =
            [(PeriodKind.Day, PeriodKind.Month), (PeriodKind.Month, PeriodKind.Day), (PeriodKind.Week, PeriodKind.Month), (PeriodKind.Lifetime, PeriodKind.Week)];
        foreach (var ((before, after), hours) in changes.SelectMany(change => Enumerable.Range(0, 24 * 40).Select(hours => (change, hours))))
        {
            var now = First.AddHours(hours);
            var announced = BudgetCalendar.For(before, "Asia/Shanghai", First).At(now).EndsAt;
            var changed = BudgetCalendar.For(after, "America/New_York", First);

            var end = changed.EndAfterChange(announced, now).ShouldNotBeNull();

            end.ShouldBeGreaterThan(now);
            end.ShouldBeGreaterThanOrEqualTo(announced ?? now);
            changed.At(end).StartsAt.ShouldBe(end);
            changed.BoundAtOrAfter(announced ?? now.AddTicks(1)).ShouldBe(end);
        }
    }

    /// <summary>By another way: the local date of each quarter of an hour, and where a later one than all before begins.</summary>
    private static List<(DateTimeOffset Instant, DateOnly Date)> FirstInstants(string zoneId)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        List<(DateTimeOffset, DateOnly)> found = [];
        var latest = DateOnly.MinValue;
        for (var instant = First; instant < Last; instant = instant.AddMinutes(15))
        {
            var date = DateOnly.FromDateTime(instant.UtcDateTime + zone.GetUtcOffset(Instant.FromDateTimeOffset(instant)).ToTimeSpan());
            if (date > latest)
                found.Add((instant, latest = date));
        }

        return found;
    }

    private static List<DateTimeOffset> Resets(PeriodKind kind, List<(DateTimeOffset Instant, DateOnly Date)> days) => kind == PeriodKind.Lifetime
        ? []
        : [.. days.Zip(days.Skip(1)).Where(pair => Number(kind, pair.First.Date) != Number(kind, pair.Second.Date)).Select(pair => pair.Second.Instant)];

    private static int Number(PeriodKind kind, DateOnly date) => kind switch
    {
        PeriodKind.Day => date.DayNumber,
        PeriodKind.Week => date.DayNumber / 7,
        _ => date.Year * 12 + date.Month,
    };
}
