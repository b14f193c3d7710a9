using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Tests.Health;

public sealed class DeploymentCooldownsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly HealthFeed _feed;
    private readonly DeploymentCooldowns _cooldowns;

    public DeploymentCooldownsTests()
    {
        _feed = new HealthFeed(_services, NullLogger<HealthFeed>.Instance);
        _cooldowns = new DeploymentCooldowns(_time, _feed);
    }

    [Fact]
    public void Rest_is_only_ever_extended()
    {
        _cooldowns.Failed("d", Limited(30));
        _cooldowns.Failed("d", Limited(5));

        _cooldowns.Remaining("d").ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Provider_may_ask_for_two_minutes_at_most()
    {
        _cooldowns.Failed("d", Limited(86_400));

        _cooldowns.Remaining("d").ShouldBe(TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void Without_a_hint_the_rest_doubles_up_to_a_minute()
    {
        for (var expected = 1; expected <= 64; expected *= 2)
        {
            _cooldowns.Failed("d", Limited(null));
            var rest = _cooldowns.Remaining("d").TotalSeconds;
            rest.ShouldBeInRange(0.75 * Math.Min(60, expected), 1.25 * Math.Min(60, expected));
            _time.Advance(TimeSpan.FromSeconds(rest + 0.001));
        }
    }

    [Fact]
    public void Answer_after_the_rest_forgets_earlier_failures()
    {
        for (var i = 0; i < 5; i++) _cooldowns.Failed("d", Limited(null));
        _time.Advance(TimeSpan.FromMinutes(2));

        _cooldowns.Succeeded("d");
        _cooldowns.Failed("d", Limited(null));

        _cooldowns.Remaining("d").ShouldBeLessThan(TimeSpan.FromSeconds(1.3));
    }

    [Fact]
    public void Late_answer_of_an_earlier_request_does_not_end_a_rest()
    {
        _cooldowns.Failed("d", Limited(30));

        _cooldowns.Succeeded("d");

        _cooldowns.Remaining("d").ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Failure_that_is_no_limit_does_not_rest()
    {
        _cooldowns.Failed("d", new Failure { FailureClass = FailureClass.ProviderError });

        _cooldowns.Remaining("d").ShouldBe(TimeSpan.Zero);
    }

    public void Dispose()
    {
        _feed.Dispose();
        _services.Dispose();
    }

    private static Failure Limited(int? seconds) => new()
    {
        FailureClass = FailureClass.ProviderRateLimited,
        Code = "rate_limit_exceeded",
        RetryAfter = seconds is { } s ? Duration.FromTimeSpan(TimeSpan.FromSeconds(s)) : null,
    };
}
