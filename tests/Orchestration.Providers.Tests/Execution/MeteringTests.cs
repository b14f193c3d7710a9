using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class MeteringTests
{
    private static readonly AnswerSeen Nothing = new() { Model = "m", EstimatedInputTokens = 100 };
    private static readonly AnswerSeen SomeText = Nothing with { Output = TextMeasure.Measure("Some words that were seen before the end.") };

    [Theory]
    [InlineData(FailureClass.ProviderTimeout, 0, false, UsageSource.None)]
    [InlineData(FailureClass.ProviderTimeout, 0, true, UsageSource.Estimated)]
    [InlineData(FailureClass.ProviderRateLimited, 429, true, UsageSource.None)]
    [InlineData(FailureClass.ProviderError, 500, true, UsageSource.None)]
    [InlineData(FailureClass.ProviderTimeout, 504, true, UsageSource.Estimated)]
    [InlineData(FailureClass.ProviderTruncated, 0, true, UsageSource.Estimated)]
    [InlineData(FailureClass.ProviderProtocol, 200, true, UsageSource.Estimated)]
    [InlineData(FailureClass.Unavailable, 0, true, UsageSource.Estimated)]
    public void Only_what_the_provider_may_have_worked_for_is_charged(FailureClass failureClass, int status, bool sent, UsageSource source)
    {
        var usage = Metering.Settle(new Failure { FailureClass = failureClass, ProviderStatus = status }, sent, Nothing);

        usage.Source.ShouldBe(source);
        usage.InputTokens.ShouldBe(source == UsageSource.None ? 0 : 100);
    }

    [Fact]
    public void Reported_zero_is_not_estimated()
    {
        var usage = Metering.Settle(null, true, SomeText with { Reported = new Usage { InputTokens = 5 } });

        (usage.InputTokens, usage.OutputTokens, usage.Source).ShouldBe((5, 0, UsageSource.Provider));
    }

    [Theory]
    [InlineData(FailureClass.ProviderOverloaded)]
    [InlineData(FailureClass.ContentFilter)]
    [InlineData(FailureClass.ProviderRateLimited)]
    public void Reported_usage_is_charged_whatever_failed(FailureClass failureClass)
    {
        var seen = Nothing with { Reported = new Usage { InputTokens = 70, OutputTokens = 30 } };

        var usage = Metering.Settle(new Failure { FailureClass = failureClass, ProviderStatus = 429 }, true, seen);

        (usage.InputTokens, usage.OutputTokens, usage.Source).ShouldBe((70, 30, UsageSource.Estimated));
    }

    [Fact]
    public void Report_of_nothing_beside_an_error_is_not_charged()
    {
        var usage = Metering.Settle(new Failure { FailureClass = FailureClass.ProviderAuth }, true, Nothing with { Reported = new Usage() });

        (usage.InputTokens, usage.Source).ShouldBe((0, UsageSource.None));
    }

    [Fact]
    public void Report_without_the_searches_that_are_billed_is_no_exact_one()
    {
        var usage = Metering.Answered(Nothing with { EstimatedSearchUnits = 2, Reported = new Usage { InputTokens = 70 } });

        (usage.InputTokens, usage.SearchUnits, usage.Source).ShouldBe((70, 2, UsageSource.Estimated));
    }

    [Fact]
    public void Suspect_report_is_raised_to_what_was_seen()
    {
        var usage = Metering.Answered(SomeText with { Reported = new Usage { InputTokens = 5, OutputTokens = 1 }, ReportSuspect = true });

        usage.Source.ShouldBe(UsageSource.Estimated);
        (usage.InputTokens, usage.OutputTokens > 1).ShouldBe((5, true));
    }

    [Fact]
    public void Cut_answer_is_charged_what_was_seen_even_if_the_report_says_less()
    {
        var usage = Metering.Settle(new Failure { FailureClass = FailureClass.ProviderTruncated }, true, SomeText with { Reported = new Usage() });

        (usage.InputTokens, usage.OutputTokens > 3, usage.Source).ShouldBe((100, true, UsageSource.Estimated));
    }
}
