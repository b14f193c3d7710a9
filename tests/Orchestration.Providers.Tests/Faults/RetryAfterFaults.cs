using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Data;
using Orchestration.Providers.Health;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class RetryAfterFaults(FaultsFixture host) : IClassFixture<FaultsFixture>
{
    [Theory]
    [InlineData("30", 25, 30)]
    [InlineData("12.5", 8, 12.5)]
    [InlineData("in 40 s as a date", 34, 40)]
    [InlineData("99999999999", 114, 120)]
    [InlineData("-7", 0, 1.25)]
    [InlineData("soon", 0, 1.25)]
    [InlineData("1e9", 0, 1.25)]
    [InlineData("NaN", 0, 1.25)]
    public async Task U07_rest_that_a_provider_asks_for_is_kept_within_two_minutes_and_the_next_is_asked(string header, double least, double most)
    {
        var fault = new FaultCase(host).Asks(Limited(() => header)).ThenAsksAGoodOne();

        var run = await fault.AnswersAsync("released", "exact");

        run.First.FailureClass.ShouldBe(FailureClass.ProviderRateLimited);
        host.Health.Resting(fault.Deployment()).TotalSeconds.ShouldBeInRange(least, most);
    }

    [Fact]
    public async Task U07_smallest_wait_is_told_when_all_rest_and_nobody_is_asked_again()
    {
        var fault = new FaultCase(host).Asks(Limited(() => "60")).Asks(Limited(() => "20"), vendor: "mistral");

        var asked = await fault.FailsAsync(FailureClass.ProviderRateLimited, "provider_rate_limited", "released", "released");
        var spared = await fault.FailsAsync(FailureClass.ProviderRateLimited, "provider_rate_limited");

        foreach (var run in new[] { asked, spared }) run.Answer.Error!.RetryAfter.ToTimeSpan().TotalSeconds.ShouldBeInRange(10, 20);
        (fault.Requests().Count, fault.Requests(1).Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task U07_limit_of_one_model_leaves_another_model_of_the_same_key_alone() =>
        await new FaultCase(host).Asks(Limited(() => "30")).Asks(OpenAIWire.AnswerAsync).AnswersAsync("released", "exact");

    [Fact]
    public async Task U08_limit_without_a_hint_rests_about_a_second()
    {
        var fault = new FaultCase(host).Asks(Limited(() => null)).ThenAsksAGoodOne();

        await fault.AnswersAsync("released", "exact");

        host.Health.Resting(fault.Deployment()).ShouldBeLessThan(TimeSpan.FromSeconds(1.25));
    }

    [Fact]
    public async Task U08_rests_without_a_hint_double_with_jitter_up_to_a_minute()
    {
        var time = new FakeTimeProvider();
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var feed = new HealthFeed(services, NullLogger<HealthFeed>.Instance);
        var rests = Enumerable.Range(0, 20).Select(_ => RestsOf(new DeploymentCooldowns(time, feed), time)).ToList();

        foreach (var (i, expected) in new[] { 1, 2, 4, 8, 16, 32, 60, 60 }.Index())
        {
            rests.ShouldAllBe(r => r[i] >= expected * 0.75 && r[i] <= expected * 1.25);
            rests.Select(r => r[i]).Distinct().Count().ShouldBeGreaterThan(1);
        }
    }

    [Fact]
    public async Task U09_exhausted_account_parks_the_key_and_is_no_rate_limit()
    {
        var fault = new FaultCase(host)
            .Asks(e => e.ReplyAsync(429, "application/json", OpenAIWire.Error("insufficient_quota", "org-canary has no credit")), vendor: "xai");

        var run = await fault.FailsAsync(FailureClass.ProviderBalance, "provider_quota", "released");

        run.Answer.Error!.Message.ShouldNotContain("org-canary");
        run.Answer.Events.ShouldAllBe(e => !e.ToString().Contains("XAI_API_KEY", StringComparison.Ordinal));
        host.Keys.Views().Single(v => v.Key.Facts.Provider == "xai").Key.Facts.Status.ShouldBe(CredentialStatus.Exhausted);
        await FaultMetrics.KeyChangedAsync("xai", "parked");
        host.Health.Resting(fault.Deployment()).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task U09_exhausted_account_fails_over()
    {
        var fault = new FaultCase(host)
            .Asks(e => e.ReplyAsync(429, "application/json", OpenAIWire.Error("insufficient_quota")), vendor: "anthropic").ThenAsksAGoodOne();

        (await fault.AnswersAsync("released", "exact")).First.Code.ShouldBe("provider_quota");
    }

    private static List<double> RestsOf(DeploymentCooldowns cooldowns, FakeTimeProvider time)
    {
        var rests = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            cooldowns.Failed("d", new Failure { FailureClass = FailureClass.ProviderRateLimited });
            rests.Add(cooldowns.Remaining("d").TotalSeconds);
            time.Advance(cooldowns.Remaining("d"));
        }

        return rests;
    }

    private static Func<UpstreamExchange, Task> Limited(Func<string?> header) => e =>
    {
        var value = header() is "in 40 s as a date" ? DateTimeOffset.UtcNow.AddSeconds(40).ToString("r", CultureInfo.InvariantCulture) : header();
        var body = OpenAIWire.Error("rate_limit_exceeded");
        return value is null ? e.ReplyAsync(429, "application/json", body) : e.ReplyAsync(429, "application/json", body, $"Retry-After: {value}");
    };
}
