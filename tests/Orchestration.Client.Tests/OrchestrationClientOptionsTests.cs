using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orchestration.Client.Tests;

public sealed class OrchestrationClientOptionsTests
{
    [Fact]
    public void Address_and_key_are_enough() =>
        Validate(_ => { }).Failed.ShouldBeFalse();

    [Fact]
    public void Missing_address_is_named() => Validate(options => options.Address = null).FailureMessage!.ShouldContain("Address");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Missing_key_is_named(string key) => Validate(options => options.ApiKey = key).FailureMessage!.ShouldContain("ApiKey");

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("-00:00:01")]
    [InlineData("01:00:01")]
    public void Timeout_out_of_range_is_named(string timeout) =>
        Validate(options => options.Timeout = TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture)).FailureMessage!.ShouldContain("Timeout");

    [Fact]
    public void Client_with_bad_options_says_so_before_any_call()
    {
        using var services = new ServiceCollection().AddOrchestrationClient(options => options.Address = new Uri("http://127.0.0.1:9")).BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IChatClient>()).Message.ShouldContain("ApiKey");
    }

    [Fact]
    public void Validation_never_shows_the_key() =>
        Validate(options =>
        {
            options.ApiKey = "sk-orc_dev_secret";
            options.Address = null;
        }).FailureMessage!.ShouldNotContain("secret");

    private static ValidateOptionsResult Validate(Action<OrchestrationClientOptions> change)
    {
        var options = new OrchestrationClientOptions { Address = new Uri("http://localhost:8081"), ApiKey = "sk-orc_dev_key" };
        change(options);
        return new OrchestrationClientOptionsValidator().Validate(null, options);
    }
}
