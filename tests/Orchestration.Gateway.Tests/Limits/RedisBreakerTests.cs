using Microsoft.Extensions.Options;
using Orchestration.Gateway.Limits;

namespace Orchestration.Gateway.Tests.Limits;

public sealed class RedisBreakerTests
{
    private readonly RedisBreaker _breaker = new(Options.Create(new LimitOptions { FailuresBeforeOpen = 3, RoundsBeforeClosed = 2 }));

    [Fact]
    public void Only_failures_in_a_row_open_it()
    {
        _breaker.Failed().ShouldBeFalse();
        _breaker.Failed().ShouldBeFalse();
        _breaker.Succeeded();
        _breaker.Failed().ShouldBeFalse();
        _breaker.Failed().ShouldBeFalse();
        _breaker.IsOpen.ShouldBeFalse();
        _breaker.Failed().ShouldBeTrue();
        _breaker.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void Only_good_rounds_in_a_row_close_it()
    {
        for (var i = 0; i < 3; i++)
            _breaker.Failed();

        _breaker.RoundSucceeded().ShouldBeFalse();
        _breaker.Failed().ShouldBeFalse();
        _breaker.RoundSucceeded().ShouldBeFalse();
        _breaker.IsOpen.ShouldBeTrue();
        _breaker.RoundSucceeded().ShouldBeTrue();
        _breaker.IsOpen.ShouldBeFalse();
    }
}
