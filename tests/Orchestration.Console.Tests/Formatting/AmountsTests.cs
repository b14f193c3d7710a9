using Orchestration.Console.Formatting;

namespace Orchestration.Console.Tests.Formatting;

public sealed class AmountsTests
{
    [Theory]
    [InlineData("0", "0.00 USD")]
    [InlineData("0.000045474", "0.000045 USD")]
    [InlineData("0.5", "0.5 USD")]
    [InlineData("1234567.891", "1,234,567.89 USD")]
    [InlineData("-3.5", "-3.50 USD")]
    public void Amount_is_rounded_to_what_people_read(string amount, string expected) => Amounts.Short(Amounts.Read(amount), "USD").ShouldBe(expected);

    [Theory]
    [InlineData("50", "100", 50)]
    [InlineData("99.999", "100", 99)]
    [InlineData("120", "100", 100)]
    [InlineData("-5", "100", 0)]
    [InlineData("5", "0", 0)]
    public void Used_part_of_a_budget_never_rounds_up_to_all_of_it(string part, string whole, int expected) =>
        Amounts.Percent(Amounts.Read(part), Amounts.Read(whole)).ShouldBe(expected);

    [Fact]
    public void Share_of_nothing_is_no_figure()
    {
        Amounts.Share(0, 0).ShouldBe("–");
        Amounts.Share(1, 8).ShouldBe("12.5 %");
    }
}
