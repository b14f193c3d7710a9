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
        using var services = Registered();

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IChatClient>()).Message.ShouldContain("ApiKey");
    }

    [Fact]
    public void Host_does_not_start_with_bad_options()
    {
        using var services = Registered();

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate()).Message.ShouldContain("ApiKey");
    }

    [Theory]
    [InlineData("ftp://localhost")]
    [InlineData("localhost:8081")]
    [InlineData("/relative")]
    public void Address_of_another_kind_is_named(string address) =>
        Validate(options => options.Address = new Uri(address, UriKind.RelativeOrAbsolute)).FailureMessage!.ShouldContain("Address");

    [Theory]
    [InlineData("sk-orc_dev_secret\n")]
    [InlineData("sk-orc_dev secret")]
    [InlineData("sk-orc_dev_secrét")]
    public void Key_that_no_header_takes_is_named_and_not_shown(string key)
    {
        var message = Validate(options => options.ApiKey = key).FailureMessage!;

        message.ShouldContain("ApiKey");
        message.ShouldNotContain("secr");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    public void Retries_out_of_range_are_named(int retries) => Validate(options => options.MaxRetries = retries).FailureMessage!.ShouldContain("MaxRetries");

    [Fact]
    public void Waits_out_of_range_are_named()
    {
        Validate(options => options.RetryDelay = TimeSpan.Zero).FailureMessage!.ShouldContain("RetryDelay");
        Validate(options => options.MaxRetryDelay = TimeSpan.FromHours(1)).FailureMessage!.ShouldContain("MaxRetryDelay");
    }

    [Fact]
    public void Validation_never_shows_the_key() =>
        Validate(options =>
        {
            options.ApiKey = "sk-orc_dev_secret";
            options.Address = null;
        }).FailureMessage!.ShouldNotContain("secret");

    private static ServiceProvider Registered() =>
        new ServiceCollection().AddOrchestrationClient(options => options.Address = new Uri("http://127.0.0.1:9")).Services.BuildServiceProvider();

    private static ValidateOptionsResult Validate(Action<OrchestrationClientOptions> change)
    {
        var options = new OrchestrationClientOptions { Address = new Uri("http://localhost:8081"), ApiKey = "sk-orc_dev_key" };
        change(options);
        return new OrchestrationClientOptionsValidator().Validate(null, options);
    }
}
