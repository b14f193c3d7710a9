using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Console.Formatting;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Console.Tests.Formatting;

public sealed class UnitsTests
{
    public UnitsTests() => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

    [Theory]
    [InlineData(0, "0 µs")]
    [InlineData(250, "250 µs")]
    [InlineData(1_000, "1.0 ms")]
    [InlineData(12_345, "12.3 ms")]
    [InlineData(1_000_000, "1.00 s")]
    [InlineData(1_234_567, "1.23 s")]
    public void Duration_is_told_in_the_unit_that_fits(long microseconds, string expected) =>
        Units.Milliseconds(TimeSpan.FromMicroseconds(microseconds)).ShouldBe(expected);

    [Theory]
    [InlineData(999_996, "1.00 s")]
    [InlineData(999.6, "1.0 ms")]
    public void Duration_that_rounds_up_to_the_next_unit_is_told_in_it(double microseconds, string expected) =>
        Units.Milliseconds(TimeSpan.FromMicroseconds(microseconds)).ShouldBe(expected);

    [Fact]
    public void Money_is_told_exactly() =>
        Units.Amount(new Money { Amount = "0.000004200001", Currency = "USD" }).ShouldBe("0.000004200001 USD");

    [Fact]
    public void Tokens_are_totals_in_and_out() =>
        Units.Tokens(new Usage { InputTokens = 1_000, CacheReadTokens = 200, CacheWriteTokens = 30, CacheWrite1HTokens = 4, AudioInputTokens = 5, OutputTokens = 10, ReasoningTokens = 2_000, AudioOutputTokens = 1 })
            .ShouldBe("1,239 → 2,011");

    [Fact]
    public void Time_is_told_in_utc() =>
        Units.Time(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)).ToTimestamp()).ShouldBe("01:04:05.678 UTC");

    [Fact]
    public void What_is_unknown_is_a_dash()
    {
        Units.Milliseconds((Duration?)null).ShouldBe("–");
        Units.Amount(null).ShouldBe("–");
        Units.Time(null).ShouldBe("–");
        Units.Tokens(null).ShouldBe("–");
    }

    [Theory]
    [InlineData("0123456789abcdef", "01234567")]
    [InlineData("0123", "0123")]
    [InlineData("", "")]
    public void Id_is_told_by_its_first_letters(string id, string expected) => Units.ShortId(id).ShouldBe(expected);
}
