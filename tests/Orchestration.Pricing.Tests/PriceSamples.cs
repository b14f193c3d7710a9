using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing.Tests;

internal static class PriceSamples
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static PriceRecord Record(string currency, params PriceTier[] tiers) => new()
    {
        PriceId = "sample/model:any@2026-01-01",
        Model = "model",
        Currency = currency,
        Region = "any",
        Confidence = "high",
        Tiers = { tiers },
    };

    public static Price Price(string currency, params PriceTier[] tiers) => Pricing.Price.Parse(Record(currency, tiers));

    public static PriceTier Tier(string input, string output) => new() { Input = input, Output = output };

    /// <summary>GLM-4.6 in CNY: short answers to short prompts are cheaper.</summary>
    public static Price OutputTiered() => Price(
        "CNY",
        new PriceTier { InputTokensLte = 32_000, OutputTokensLte = 200, Input = "2", Output = "8", CacheRead = "0.4" },
        new PriceTier { InputTokensLte = 32_000, Input = "3", Output = "14", CacheRead = "0.6" },
        new PriceTier { InputTokensGt = 32_000, Input = "4", Output = "16", CacheRead = "0.8" });

    public static PriceWindow OfficeHours(string zone) => new()
    {
        TimeZone = zone,
        Days = { 1, 2, 3, 4, 5 },
        Ranges = { new DailyRange { FromMinute = 540, ToMinute = 720 }, new DailyRange { FromMinute = 840, ToMinute = 1080 } },
    };

    public static Price Windowed(string zone) => Price(
        "USD",
        new PriceTier { Window = OfficeHours(zone), Input = "2", Output = "4" },
        Tier("1", "2"));

    public static decimal Total(this Price price, Usage usage, bool thinking = false, string serviceTier = "") =>
        price.CostOf(usage, Noon, thinking, serviceTier).Total.Amount;
}
