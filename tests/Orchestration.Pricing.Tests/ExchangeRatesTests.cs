using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Pricing.Tests;

public sealed class ExchangeRatesTests
{
    [Fact]
    public void Conversion_is_exact() =>
        ExchangeRates.Convert(Money.Parse("0.000000042", "USD"), Rate("USD", "CNY", "7.1234")).ShouldBe(Money.Parse("0.0000002991828", "CNY"));

    [Fact]
    public void One_currency_needs_the_rate_one()
    {
        ExchangeRates.Convert(Money.Parse("1.25", "CNY"), Rate("CNY", "CNY", "1")).ShouldBe(Money.Parse("1.25", "CNY"));
        Should.Throw<FormatException>(() => ExchangeRates.Convert(Money.Parse("1", "CNY"), Rate("CNY", "CNY", "1.1")));
    }

    [Fact]
    public void Rate_of_another_currency_is_refused() =>
        Should.Throw<InvalidOperationException>(() => ExchangeRates.Convert(Money.Parse("1", "EUR"), Rate("USD", "CNY", "7")));

    [Theory]
    [InlineData("0")]
    [InlineData("-7")]
    [InlineData("")]
    [InlineData("seven")]
    public void Rate_is_a_number_above_zero(string rate) =>
        Should.Throw<FormatException>(() => ExchangeRates.Convert(Money.Parse("1", "USD"), Rate("USD", "CNY", rate)));

    [Fact]
    public void Result_beyond_fifteen_digits_is_an_error_instead_of_a_rounded_amount() =>
        Should.Throw<OverflowException>(() => ExchangeRates.Convert(Money.Parse("0.000000000001", "USD"), Rate("USD", "CNY", "7.1234")));

    private static ExchangeRate Rate(string from, string to, string rate) => new() { FromCurrency = from, ToCurrency = to, Rate = rate };
}
