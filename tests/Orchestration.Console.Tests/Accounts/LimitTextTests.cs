using Google.Protobuf.WellKnownTypes;
using Orchestration.Console.Accounts;
using Orchestration.Contracts.Accounts.V1;

namespace Orchestration.Console.Tests.Accounts;

public sealed class LimitTextTests
{
    [Theory]
    [InlineData(60, "60 s")]
    [InlineData(90, "90 s")]
    [InlineData(3600, "1 h")]
    [InlineData(5400, "5400 s")]
    [InlineData(86400, "1 d")]
    public void Window_is_told_in_its_largest_whole_unit(int seconds, string expected) =>
        LimitText.Window(new Limit { Window = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) }).ShouldBe(expected);

    [Fact]
    public void Requests_at_once_have_no_window() => LimitText.Window(new Limit { Kind = LimitKind.Concurrency }).ShouldBe("");
}
