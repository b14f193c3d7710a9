using Orchestration.Console.Overview;

namespace Orchestration.Console.Tests.Overview;

public sealed class OverviewRangeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 9, 40, 0, TimeSpan.FromHours(8));

    [Fact]
    public void Day_ends_with_the_hour_that_runs() =>
        OverviewRange.Find("24h").At(Now).ShouldBe(("2026-10-31T10:00:00+08:00", "2026-11-01T10:00:00+08:00"));

    [Fact]
    public void Week_is_seven_days_of_the_viewers_calendar() =>
        OverviewRange.Find("7d").At(Now).ShouldBe(("2026-10-26", "2026-11-02"));

    [Theory]
    [InlineData(null)]
    [InlineData("century")]
    public void What_is_not_offered_is_a_day(string? name) => OverviewRange.Find(name).Name.ShouldBe("24h");
}
