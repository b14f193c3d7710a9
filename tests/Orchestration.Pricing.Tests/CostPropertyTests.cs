using CsCheck;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing.Tests;

public sealed class CostPropertyTests
{
    private static readonly Gen<string> Rates = Gen.Int[0, 200_000_000].Select(n => new Money(n / 1_000_000m, "USD").FormatAmount());
    private static readonly Gen<long> Counts = Gen.OneOf(Gen.Const(0L), Gen.Long[0, 300], Gen.Long[0, 2_000_000]);

    private static readonly Gen<PriceTier> Tiers =
        Gen.Select(Rates, Rates, Rates, Rates, Gen.Int[0, 63], Gen.Long[1, 400_000], Gen.Long[1, 4_000]).Select((input, output, read, write, flags, inputBound, outputBound) =>
        {
            var tier = new PriceTier { Input = input, Output = output, ServiceTier = (flags & 1) == 0 ? "" : "priority" };
            if ((flags & 2) != 0) tier.CacheRead = read;
            if ((flags & 4) != 0) tier.CacheWrite = write;
            if ((flags & 8) != 0) tier.InputTokensLte = inputBound;
            if ((flags & 16) != 0) tier.OutputTokensLte = outputBound;
            if ((flags & 32) != 0) tier.Window = PriceSamples.OfficeHours("Asia/Shanghai");
            return tier;
        });

    private static readonly Gen<Price> Prices = Gen.Select(Tiers.Array[0, 5], Rates, Rates)
        .Select((tiers, input, output) => PriceSamples.Price("USD", [.. tiers, PriceSamples.Tier(input, output)]));

    private static readonly Gen<Usage> Usages = Counts.Array[8].Select(c => new Usage
    {
        InputTokens = c[0], CacheReadTokens = c[1], CacheWriteTokens = c[2], CacheWrite1HTokens = c[3],
        AudioInputTokens = c[4], OutputTokens = c[5], ReasoningTokens = c[6], AudioOutputTokens = c[7],
    });

    private static readonly Gen<DateTimeOffset> Instants = Gen.Int[0, 20_000].Select(minutes => PriceSamples.Noon.AddMinutes(minutes));

    [Fact]
    public void Lines_sum_to_the_total_and_nothing_is_rounded() =>
        Gen.Select(Prices, Usages, Instants, Gen.Bool).Sample((price, usage, at, thinking) =>
        {
            var cost = price.CostOf(usage, at, thinking);

            cost.Lines.Aggregate(0m, (sum, line) => sum + line.Amount.Amount).ShouldBe(cost.Total.Amount);
            foreach (var line in cost.Lines) (line.Amount.Amount * 1_000_000m).ShouldBe(line.Tokens * line.Rate);
            cost.Lines.Sum(line => line.Tokens).ShouldBe(usage.TotalInput() + usage.TotalOutput());
            Money.FromProto(cost.Total.ToProto()).ShouldBe(cost.Total);
        });

    [Fact]
    public void Nothing_within_the_bounds_costs_more_than_the_worst_case() =>
        Gen.Select(Prices, Usages, Instants, Gen.Bool, Gen.Bool, Gen.Long[0, 1_000]).Sample((price, usage, at, thinking, priority, slack) =>
            price.CostOf(usage, at, thinking, priority ? "priority" : "").Total.Amount
                .ShouldBeLessThanOrEqualTo(price.WorstCase(usage.TotalInput() + slack, usage.TotalOutput() + slack).Amount));
}
