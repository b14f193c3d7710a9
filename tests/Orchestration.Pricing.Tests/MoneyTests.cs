using System.Globalization;

namespace Orchestration.Pricing.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1.500", "1.5")]
    [InlineData("-0.000123", "-0.000123")]
    [InlineData("0.000000000000001", "0.000000000000001")]
    [InlineData("1000000", "1000000")]
    [InlineData("0.00000000000000100000000000000000000000000000", "0.000000000000001")]
    public void Amount_has_one_written_form(string text, string expected)
    {
        var money = Money.Parse(text, "USD");

        money.FormatAmount().ShouldBe(expected);
        Money.FromProto(money.ToProto()).ShouldBe(money);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("zh-CN")]
    public void Written_form_does_not_depend_on_the_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Money.Parse("-1234.5", "CNY").ToString().ShouldBe("-1234.5 CNY");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("+1")]
    [InlineData("1,000")]
    [InlineData("NaN")]
    [InlineData("1.2.3")]
    public void Malformed_amount_is_refused(string text) => Should.Throw<FormatException>(() => Money.Parse(text, "USD"));

    [Theory]
    [InlineData("0.0000000000000001")]
    [InlineData("0.00000000000000000000000000000000001")]
    [InlineData("123456789012345.123456789012345")]
    [InlineData("100000000000000000000000000000000")]
    public void Amount_that_cannot_be_held_exactly_is_refused(string text) =>
        Should.Throw<OverflowException>(() => Money.Parse(text, "USD"));

    [Theory]
    [InlineData("")]
    [InlineData("usd")]
    [InlineData("USDT")]
    public void Currency_is_an_upper_case_code(string currency) => Should.Throw<FormatException>(() => Money.Parse("1", currency));

    [Fact]
    public void Currencies_do_not_mix() =>
        Should.Throw<InvalidOperationException>(() => Money.Parse("1", "USD") + Money.Parse("1", "CNY"));

    [Fact]
    public void Addition_that_would_round_fails() =>
        Should.Throw<OverflowException>(() => Money.Parse("90000000000000000000", "USD") + Money.Parse("0.000000000000001", "USD"));

    [Fact]
    public void Amounts_add_subtract_and_compare()
    {
        var (one, two) = (Money.Parse("0.1", "USD"), Money.Parse("0.2", "USD"));

        (one + two).ShouldBe(Money.Parse("0.3", "USD"));
        (one - two).ShouldBe(Money.Parse("-0.1", "USD"));
        (one < two && two > one && one <= two && two >= one).ShouldBeTrue();
    }
}
