using Orchestration.Metrics.Reports;

namespace Orchestration.Metrics.Tests.Reports;

public sealed class ReportPeriodsTests
{
    private static readonly string[] Zones =
    [
        "UTC", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Chatham", "Pacific/Apia", "America/New_York", "America/St_Johns",
        "America/Havana", "America/Santiago", "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Europe/Berlin", "Atlantic/Azores", "Pacific/Marquesas", "America/Scoresbysund", "Antarctica/Troll",
    ];

    [Fact]
    public void Every_quarter_of_an_hour_lies_in_one_period_and_every_period_has_its_own_name()
    {
        foreach (var zone in Zones)
        {
            foreach (var grain in new[] { ReportGrain.Hour, ReportGrain.Day, ReportGrain.Month })
            {
                var periods = ReportPeriods.Cut(ReportPeriods.StartOf(new DateOnly(2026, 1, 1), zone), ReportPeriods.StartOf(new DateOnly(2027, 1, 1), zone), zone, grain, 10_000)!;

                periods.All.Zip(periods.All.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From && pair.First.From < pair.First.To);
                BucketRanges.Fit(periods.All, TimeSpan.FromMinutes(15)).ShouldBeTrue(zone);
                periods.All.Select(periods.NameOf).Distinct().Count().ShouldBe(periods.All.Count, $"{zone} {grain}");
                if (grain == ReportGrain.Day)
                    periods.All.Count.ShouldBe(365, zone);
                Covered(periods, BucketRanges.WithDays(periods.All, "quarter", "day"), zone);
            }
        }
    }

    [Fact]
    public void A_day_has_as_many_hours_as_its_clocks_show()
    {
        Hours("Europe/Berlin", new DateOnly(2026, 3, 29)).ShouldBe(23);
        Hours("Europe/Berlin", new DateOnly(2026, 10, 25)).ShouldBe(25);
        Hours("Asia/Kathmandu", new DateOnly(2026, 3, 29)).ShouldBe(24);
    }

    private static int Hours(string zone, DateOnly day) =>
        ReportPeriods.Cut(ReportPeriods.StartOf(day, zone), ReportPeriods.StartOf(day.AddDays(1), zone), zone, ReportGrain.Hour, 100)!.All.Count;

    private static void Covered(ReportPeriods periods, BucketRanges ranges, string zone)
    {
        var place = periods.From;
        for (var index = 0; index < ranges.From.Count; index++)
        {
            var period = periods.All[ranges.Ordinals[index]];
            (ranges.From[index] == place && period.From <= place && ranges.To[index] <= period.To).ShouldBeTrue(zone);
            if (ranges.Grains[index] == "day")
                (ranges.From[index].UtcTicks % TimeSpan.TicksPerDay, ranges.To[index].UtcTicks % TimeSpan.TicksPerDay).ShouldBe((0, 0), zone);
            place = ranges.To[index];
        }

        place.ShouldBe(periods.To, zone);
    }
}
