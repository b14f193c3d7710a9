using System.Globalization;
using Orchestration.Contracts.Pricing.V1;
using static Orchestration.Pricing.Tests.PriceSamples;

namespace Orchestration.Pricing.Tests;

public sealed class PriceWindowTests
{
    [Theory]
    [InlineData("2026-11-23T00:59:59Z", false, "Monday 08:59:59 in Shanghai")]
    [InlineData("2026-11-23T01:00:00Z", true, "Monday 09:00 opens")]
    [InlineData("2026-11-23T03:59:59Z", true, "Monday 11:59:59")]
    [InlineData("2026-11-23T04:00:00Z", false, "Monday 12:00 is already closed")]
    [InlineData("2026-11-23T06:00:00Z", true, "Monday 14:00 opens again")]
    [InlineData("2026-11-23T10:00:00Z", false, "Monday 18:00 is closed")]
    [InlineData("2026-11-22T02:00:00Z", false, "Sunday")]
    [InlineData("2026-11-21T02:00:00Z", false, "Saturday")]
    [InlineData("2026-11-27T09:59:00Z", true, "Friday 17:59")]
    public void Window_follows_the_local_week(string instant, bool inside, string why) =>
        IsPeak("Asia/Shanghai", instant).ShouldBe(inside, why);

    [Theory]
    [InlineData("2026-03-27T13:00:00Z", true, "Friday 09:00 in New York, summer time since 8 March")]
    [InlineData("2026-03-06T13:59:00Z", false, "Friday 08:59 in New York, winter time")]
    [InlineData("2026-03-06T14:00:00Z", true, "Friday 09:00 in New York, winter time")]
    [InlineData("2026-11-02T13:00:00Z", false, "Monday 08:00 after the clocks went back")]
    [InlineData("2026-10-30T13:00:00Z", true, "Friday 09:00 before the clocks went back")]
    public void Window_follows_summer_time(string instant, bool inside, string why) =>
        IsPeak("America/New_York", instant).ShouldBe(inside, why);

    [Fact]
    public void Window_without_days_is_open_every_day_and_may_end_at_midnight()
    {
        var night = new PriceWindow { TimeZone = "Asia/Shanghai", Ranges = { new DailyRange { FromMinute = 1350, ToMinute = 1440 } } };
        var price = Price("CNY", new PriceTier { Window = night, Input = "1", Output = "1" }, Tier("2", "2"));

        price.CostOf(new Usage { InputTokens = 1 }, At("2026-11-22T15:59:59Z"), thinking: false).TierIndex.ShouldBe(0);
        price.CostOf(new Usage { InputTokens = 1 }, At("2026-11-22T16:00:00Z"), thinking: false).TierIndex.ShouldBe(1);
    }

    private static bool IsPeak(string zone, string instant) =>
        Windowed(zone).CostOf(new Usage { InputTokens = 1 }, At(instant), thinking: false).TierIndex == 0;

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
}
