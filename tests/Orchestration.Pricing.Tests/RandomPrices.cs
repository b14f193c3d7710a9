using System.Globalization;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing.Tests;

/// <summary>Random prices with every kind of tier, and random requests for them.</summary>
internal static class RandomPrices
{
    private static readonly string[] ServiceTiers = ["", "", "flex", "priority"];
    private static readonly string[] Zones = ["Asia/Shanghai", "UTC", "America/New_York"];

    public static (Price Price, ExchangeRate Rate) Next(Random random, int number)
    {
        var yuan = random.Next(2) == 0;
        var tiers = Enumerable.Range(0, random.Next(6)).Select(_ => Special(random)).Append(Rates(random, random.Next(3) == 0)).ToArray();
        var record = PriceSamples.Record(yuan ? "CNY" : "USD", tiers);
        record.PriceId = string.Create(CultureInfo.InvariantCulture, $"random/{number}");
        if (random.Next(3) == 0) record.Billing = new BillingTerms { TermsId = "random", MarginPercent = random.Next(-50, 100).ToString(CultureInfo.InvariantCulture) };
        else if (random.Next(4) == 0) record.Billing = new BillingTerms { TermsId = "random", Price = Own(random), Rate = Rate("USD", "USD", "1") };
        return (Pricing.Price.Parse(record), yuan ? Rate("CNY", "USD", "0.143") : Rate("USD", "USD", "1"));
    }

    public static (Usage Usage, DateTimeOffset At, bool Thinking, string ServiceTier) NextRequest(Random random) =>
    (
        new Usage
        {
            InputTokens = Count(random), CacheReadTokens = Count(random), CacheWriteTokens = Count(random), CacheWrite1HTokens = Count(random),
            AudioInputTokens = Count(random), OutputTokens = Count(random), ReasoningTokens = Count(random), AudioOutputTokens = Count(random),
            SearchUnits = random.Next(4) == 0 ? random.Next(20) : 0,
        },
        PriceSamples.Noon.AddMinutes(random.Next(20_000)),
        random.Next(2) == 0,
        ServiceTiers[random.Next(ServiceTiers.Length)]);

    /// <summary>What a rollup would count the request under.</summary>
    public static (string Name, int Key)[] DimensionsOf(int request, int price) =>
        [("tenant", request % 17), ("model", price), ("hour", request / 1_387), ("all", 0)];

    private static PriceTier Special(Random random)
    {
        var tier = Rates(random, sellsSearch: random.Next(2) == 0);
        if (random.Next(3) == 0) tier.Thinking = random.Next(2) == 0;
        if (random.Next(3) == 0) tier.Window = PriceSamples.OfficeHours(Zones[random.Next(Zones.Length)]);
        if (random.Next(3) == 0) tier.InputTokensLte = random.Next(1, 200_000);
        if (random.Next(3) == 0) tier.OutputTokensLte = random.Next(1, 4_000);
        tier.ServiceTier = ServiceTiers[random.Next(ServiceTiers.Length)];
        return tier;
    }

    private static PriceTier Rates(Random random, bool sellsSearch)
    {
        var tier = new PriceTier { Input = Amount(random), Output = Amount(random) };
        if (random.Next(2) == 0) tier.CacheRead = Amount(random);
        if (random.Next(2) == 0) tier.CacheWrite = Amount(random);
        if (random.Next(2) == 0) tier.CacheWrite1H = Amount(random);
        if (random.Next(4) == 0) tier.AudioInput = Amount(random);
        if (random.Next(4) == 0) tier.AudioOutput = Amount(random);
        if (sellsSearch) tier.PerSearch = Amount(random);
        return tier;
    }

    // Searches are sold, so that what was searched can be billed by it.
    private static PriceRecord Own(Random random) => PriceSamples.Record("USD", Rates(random, sellsSearch: true));

    private static ExchangeRate Rate(string from, string to, string rate) => new() { FromCurrency = from, ToCurrency = to, Rate = rate };

    // Four digits: with six of the division by a million, three of the rate and two of the margin all fifteen are used.
    private static string Amount(Random random) => new Money(random.Next(2_000_000) / 10_000m, "USD").FormatAmount();

    private static long Count(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => random.Next(300),
        2 => random.Next(20_000),
        _ => random.Next(400_000),
    };
}
