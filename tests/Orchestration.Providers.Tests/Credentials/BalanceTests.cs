using System.Text.Json;
using Orchestration.Pricing;
using Orchestration.Providers.Credentials.Balances;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Tests.Credentials;

public sealed class BalanceTests
{
    private static readonly VendorProfiles Profiles = VendorProfiles.Load(Path.Combine(AppContext.BaseDirectory, "Profiles"));

    [Theory]
    [InlineData("deepseek", "", """{"is_available":true,"balance_infos":[{"currency":"CNY","total_balance":"12.34","granted_balance":"0.00","topped_up_balance":"12.34"}]}""", "12.34", "CNY", true)]
    [InlineData("deepseek", "", """{"is_available":false,"balance_infos":[{"currency":"USD","total_balance":"0.01"}]}""", "0.01", "USD", false)]
    [InlineData("moonshot", "cn", """{"code":0,"data":{"available_balance":49.58,"voucher_balance":1,"cash_balance":48.58},"scode":"0x0","status":true}""", "49.58", "CNY", true)]
    [InlineData("moonshot", "intl", """{"code":0,"data":{"available_balance":-0.5}}""", "-0.5", "USD", false)]
    [InlineData("siliconflow", "cn", """{"code":20000,"data":{"id":"u","totalBalance":"88.88"}}""", "88.88", "CNY", true)]
    public void Balance_is_read_as_the_vendor_tells_it(string vendor, string region, string answer, string amount, string currency, bool usable)
    {
        using var document = JsonDocument.Parse(answer);

        var reading = BalanceReader.Read(Profiles.For(vendor).Balance!, region, document.RootElement)!;

        reading.Balance.ShouldBe(Money.Parse(amount, currency));
        reading.Usable.ShouldBe(usable);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"is_available":true,"balance_infos":[]}""")]
    [InlineData("""{"is_available":true,"balance_infos":[{"currency":7,"total_balance":"1"}]}""")]
    [InlineData("""{"is_available":true,"balance_infos":[{"currency":"CNY","total_balance":"much"}]}""")]
    public void Answer_of_another_form_is_no_balance(string answer)
    {
        using var document = JsonDocument.Parse(answer);

        BalanceReader.Read(Profiles.For("deepseek").Balance!, "", document.RootElement).ShouldBeNull();
    }

    [Fact]
    public void What_is_used_is_taken_off_in_its_own_units()
    {
        var relay = new BalanceProfile
        {
            Path = "dashboard/billing/subscription",
            Amount = "/hard_limit_usd",
            UsedPath = "dashboard/billing/usage",
            Used = "/total_usage",
            UsedUnits = 100,
            Currency = "USD",
        };
        using var limit = JsonDocument.Parse("""{"hard_limit_usd":20}""");
        using var used = JsonDocument.Parse("""{"total_usage":1234}""");

        BalanceReader.Read(relay, "", limit.RootElement, used.RootElement)!.Balance.ShouldBe(new Money(7.66m, "USD"));
        BalanceReader.Read(relay, "", limit.RootElement, limit.RootElement).ShouldBeNull();
    }

    [Theory]
    [InlineData("79228162514264337593543950335", "-79228162514264337593543950335", 1)]
    [InlineData("79228162514264337593543950335", "0", 0.001)]
    [InlineData("1", "79228162514264337593543950335", 0.001)]
    public void Number_that_no_account_holds_is_no_balance(string amount, string used, decimal units)
    {
        var odd = new BalanceProfile { Path = "x", Amount = "/a", Used = "/u", Units = units, UsedUnits = units, Currency = "USD" };
        using var answer = JsonDocument.Parse($$"""{"a":"{{amount}}","u":"{{used}}"}""");

        BalanceReader.Read(odd, "", answer.RootElement).ShouldBeNull();
    }

    [Theory]
    [InlineData("https://evil.example/x", "/a", "CNY")]
    [InlineData("//evil.example/x", "/a", "CNY")]
    [InlineData("", "/a", "CNY")]
    [InlineData("x", "a", "CNY")]
    [InlineData("x", "/a", "yuan")]
    public void Profile_with_a_wrong_balance_section_is_refused(string path, string amount, string currency) =>
        new BalanceProfile { Path = path, Amount = amount, Currency = currency }.Problem().ShouldNotBeNull();
}
