using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Pricing.V1;
using static Orchestration.Pricing.Tests.PriceSamples;

namespace Orchestration.Pricing.Tests;

public sealed class PriceParseTests
{
    public static TheoryData<string, Action<PriceRecord>> Mistakes => new()
    {
        { "price_id", r => r.PriceId = "" },
        { "model", r => r.Model = "" },
        { "currency", r => r.Currency = "usd" },
        { "region", r => r.Region = "mars" },
        { "tiers", r => r.Tiers.Clear() },
        { "tiers[0].input", r => r.Tiers[0].Input = "" },
        { "tiers[0].output", r => r.Tiers[0].Output = "" },
        { "tiers[0].output", r => r.Tiers[0].Output = "-1" },
        { "tiers[0].cache_read", r => r.Tiers[0].CacheRead = "1e-3" },
        { "tiers[0].cache_write_1h", r => r.Tiers[0].CacheWrite1H = "0.0000000001" },
        { "tiers[0].per_search", r => r.Tiers[0].PerSearch = "free" },
        { "tiers[0].input_tokens_lte", r => r.Tiers[0].InputTokensLte = 0 },
        { "tiers[0].output_tokens_lte", r => r.Tiers[0].OutputTokensLte = 0 },
        { "tiers[0].input_tokens_gt", r => r.Tiers[0].InputTokensGt = -5 },
        { "tiers[0].window.time_zone", r => Window(r).TimeZone = "Mars/Olympus" },
        { "tiers[0].window.ranges", r => Window(r).Ranges.Clear() },
        { "tiers[0].window.days[0]", r => Window(r).Days[0] = 8 },
        { "tiers[0].window.ranges[0].from_minute", r => Window(r).Ranges[0].FromMinute = -1 },
        { "tiers[0].window.ranges[1].to_minute", r => Window(r).Ranges[1].ToMinute = 1441 },
        { "effective_to", r => (r.EffectiveFrom, r.EffectiveTo) = (Timestamp.FromDateTimeOffset(Noon), Timestamp.FromDateTimeOffset(Noon)) },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Mistake_is_refused_naming_the_member(string member, Action<PriceRecord> mistake)
    {
        var record = Record("USD", Tier("1", "2"), Tier("1", "2"));
        mistake(record);

        Should.Throw<InvalidPriceException>(() => Pricing.Price.Parse(record)).Member.ShouldBe(member);
    }

    [Fact]
    public void Tiers_that_leave_a_gap_are_refused()
    {
        Gap(new PriceTier { InputTokensLte = 100, Input = "1", Output = "1" }, new PriceTier { InputTokensGt = 101, Input = "1", Output = "1" });
        Gap(new PriceTier { OutputTokensLte = 100, Input = "1", Output = "1" });
        Gap(new PriceTier { Thinking = true, Input = "1", Output = "1" });
        Gap(new PriceTier { ServiceTier = "flex", Input = "1", Output = "1" });
        Gap(new PriceTier { Window = OfficeHours("Asia/Shanghai"), Input = "1", Output = "1" });

        static void Gap(params PriceTier[] tiers) => Should.Throw<InvalidPriceException>(() => Price("USD", tiers)).Member.ShouldBe("tiers");
    }

    [Fact]
    public void Record_holds_from_its_first_instant_until_its_end()
    {
        var record = Record("USD", Tier("1", "2"));
        record.EffectiveFrom = Timestamp.FromDateTimeOffset(Noon);
        record.EffectiveTo = Timestamp.FromDateTimeOffset(Noon.AddDays(1));
        var price = Pricing.Price.Parse(record);

        price.HoldsAt(Noon.AddTicks(-1)).ShouldBeFalse();
        price.HoldsAt(Noon).ShouldBeTrue();
        price.HoldsAt(Noon.AddDays(1)).ShouldBeFalse();
        Price("USD", Tier("1", "2")).HoldsAt(DateTimeOffset.MinValue).ShouldBeTrue();
    }

    private static PriceWindow Window(PriceRecord record) => record.Tiers[0].Window ??= OfficeHours("Asia/Shanghai");
}
