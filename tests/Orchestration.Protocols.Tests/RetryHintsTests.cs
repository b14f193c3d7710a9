namespace Orchestration.Protocols.Tests;

public sealed class RetryHintsTests
{
    [Theory]
    [InlineData("20ms", 20)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1m0s", 60_000)]
    [InlineData("1m30.5s", 90_500)]
    [InlineData("7.66s", 7_660)]
    [InlineData("3", 3_000)]
    [InlineData("1h2m", 120_000)]
    [InlineData("1d", null)]
    [InlineData("s", null)]
    [InlineData("1.2.3s", null)]
    [InlineData("-5s", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Durations_are_read_and_capped(string? text, int? milliseconds) =>
        (RetryHints.ParseDuration(text)?.TotalMilliseconds).ShouldBe(milliseconds);

    [Fact]
    public void Limit_that_is_not_used_up_says_nothing_about_the_wait()
    {
        var headers = new Dictionary<string, string>
        {
            ["x-ratelimit-reset-requests"] = "1m59s",
            ["x-ratelimit-remaining-requests"] = "100",
            ["x-ratelimit-reset-tokens"] = "7.5s",
            ["x-ratelimit-remaining-tokens"] = "0",
        };
        string[] names = ["x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"];

        RetryHints.LongestReset(names, name => headers.GetValueOrDefault(name)).ShouldBe(TimeSpan.FromSeconds(7.5));
        RetryHints.LongestReset(names, _ => null).ShouldBeNull();
    }
}
