
namespace Orchestration.Pricing.Tests;

/// <summary>A million random requests at random prices, recomputed with integers of 128 bits, which cannot round.</summary>
public sealed class MillionRequestsTests
{
    private const int Requests = 1_000_000;

    // Costs have at most 15 digits after the point, and so have converted and marked-up ones here.
    private static readonly Int128[] PowersOfTen = [.. Enumerable.Range(0, 16).Select(n => Enumerable.Repeat((Int128)10, n).Aggregate(Int128.One, (product, ten) => product * ten))];

    [Fact]
    public void Lines_totals_and_rollups_agree_to_the_last_digit()
    {
        var random = new Random(20_261_122);
        var prices = Enumerable.Range(0, 400).Select(i => RandomPrices.Next(random, i)).ToArray();
        var rollups = new Dictionary<(string Dimension, int Key, string Currency), (Money Cost, Money Billed)>();
        var lines = new Dictionary<string, Int128>();
        var billed = new Dictionary<string, Int128>();
        var tiers = new HashSet<(int, int)>();

        for (var i = 0; i < Requests; i++)
        {
            var number = random.Next(prices.Length);
            var (price, rate) = prices[number];
            var (usage, at, thinking, serviceTier) = RandomPrices.NextRequest(random);
            if (price.Record.Tiers.Any(t => t.PerSearch.Length == 0)) usage.SearchUnits = 0;
            var cost = price.CostOf(usage, at, thinking, serviceTier);
            var charge = price.ChargeOf(usage, at, thinking, serviceTier, rate);
            tiers.Add((number, cost.TierIndex));

            var sum = Int128.Zero;
            foreach (var line in cost.Lines)
            {
                var (exact, rest) = Int128.DivRem(checked(Scaled(line.Rate) * line.Tokens), line.TokenClass == TokenClass.Search ? 1 : 1_000_000);
                if (rest != 0 || Scaled(line.Amount.Amount) != exact) line.Amount.Amount.ShouldBe(decimal.MinValue, $"line {line} of request {i}");
                sum = checked(sum + exact);
            }

            if (Scaled(cost.Total.Amount) != sum || charge.Cost != cost.Total) cost.Total.Amount.ShouldBe(charge.Cost.Amount, $"total of request {i}");
            lines[price.Currency] = lines.GetValueOrDefault(price.Currency) + sum;
            billed[charge.Billed.Currency] = billed.GetValueOrDefault(charge.Billed.Currency) + Scaled(charge.Billed.Amount);
            foreach (var dimension in RandomPrices.DimensionsOf(i, number)) Add(rollups, dimension, charge);
        }

        foreach (var dimension in rollups.GroupBy(r => r.Key.Dimension))
        {
            foreach (var (currency, expected) in lines) Sum(dimension.Select(r => r.Value.Cost), currency).ShouldBe(expected, $"costs by {dimension.Key}");
            foreach (var (currency, expected) in billed) Sum(dimension.Select(r => r.Value.Billed), currency).ShouldBe(expected, $"billed by {dimension.Key}");
        }

        rollups.Select(r => r.Key.Dimension).Distinct().Count().ShouldBe(4);
        tiers.Count.ShouldBeGreaterThan(1_000);
    }

    private static void Add(Dictionary<(string, int, string), (Money Cost, Money Billed)> rollups, (string Name, int Key) dimension, Charge charge)
    {
        var key = (dimension.Name, dimension.Key, charge.Cost.Currency + charge.Billed.Currency);
        rollups[key] = rollups.TryGetValue(key, out var before) ? (before.Cost + charge.Cost, before.Billed + charge.Billed) : (charge.Cost, charge.Billed);
    }

    private static Int128 Sum(IEnumerable<Money> amounts, string currency) =>
        amounts.Where(m => m.Currency == currency).Aggregate(Int128.Zero, (sum, money) => sum + Scaled(money.Amount));

    /// <summary>The number times 10^15, from its own digits and without decimal arithmetic.</summary>
    private static Int128 Scaled(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = ((Int128)(uint)bits[2] << 64) + ((Int128)(uint)bits[1] << 32) + (uint)bits[0];
        var scaled = checked(digits * PowersOfTen[15 - value.Scale]);
        return value < 0 ? -scaled : scaled;
    }
}
