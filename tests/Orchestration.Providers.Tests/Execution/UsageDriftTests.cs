using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class UsageDriftTests
{
    // About 1,000 tokens.
    private static readonly TextSize Output = TextMeasure.Measure(string.Concat(Enumerable.Repeat("word ", 800)));

    [Theory]
    [InlineData(1000, 1000, 0, false)]
    [InlineData(1700, 1500, 0, false)]
    [InlineData(1000, 200, 5000, false)]
    [InlineData(9000, 1000, 0, true)]
    [InlineData(10, 1000, 0, true)]
    [InlineData(1000, 9000, 0, true)]
    [InlineData(1000, 20, 0, true)]
    public void Report_that_what_was_seen_cannot_explain_is_drift(long input, long output, long reasoning, bool expected) =>
        UsageDrift.IsFound(new Usage { InputTokens = input, OutputTokens = output, ReasoningTokens = reasoning }, 1000, Output, "gpt-4.1").ShouldBe(expected);

    [Fact]
    public void Short_answers_are_never_drift() =>
        UsageDrift.IsFound(new Usage { InputTokens = 90, OutputTokens = 60 }, 10, TextMeasure.Measure("Yes."), "gpt-4.1").ShouldBeFalse();
}
