using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class FirstTokenShareTests
{
    private static readonly ExecutionLimits Limits = new(
        MaxAttempts: 3,
        Connect: TimeSpan.FromSeconds(3),
        FirstToken: TimeSpan.FromSeconds(60),
        Idle: TimeSpan.FromSeconds(60),
        MaxDuration: TimeSpan.FromSeconds(600),
        Total: TimeSpan.FromSeconds(60),
        Drain: null,
        FailoverOnContentFilter: false);

    [Theory]
    [InlineData(60, 2, 20)]
    [InlineData(40, 1, 20)]
    [InlineData(20, 0, 60)]
    [InlineData(900, 2, 60)]
    [InlineData(6, 2, 5)]
    public void Each_follower_is_left_an_equal_part_but_nobody_less_than_a_start_takes(int remaining, int followers, int bound) =>
        Limits.FirstTokenBefore(TimeSpan.FromSeconds(remaining), followers).ShouldBe(TimeSpan.FromSeconds(bound));
}
