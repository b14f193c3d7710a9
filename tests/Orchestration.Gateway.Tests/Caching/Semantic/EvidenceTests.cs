using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Tests.Caching.Semantic;

public sealed class EvidenceTests
{
    private const double Budget = 0.01;

    [Fact]
    public void Nothing_is_served_without_samples()
    {
        Evidence.None.Threshold.ShouldBeNull();
        Evidence.None.IsServed(float.MaxValue).ShouldBeFalse();
    }

    [Fact]
    public void Too_few_samples_prove_nothing_however_good_they_are() =>
        // 0 of 266 may still be 1.1 %.
        Evidence.Of(SampleQuestions.Take(300), Budget).Threshold.ShouldBeNull();

    [Fact]
    public void Enough_good_samples_prove_the_budget()
    {
        var evidence = Evidence.Of(SampleQuestions.Take(600), Budget);

        evidence.Threshold.ShouldNotBeNull().ShouldBeInRange(0.05, 1);
        FalseHitBound.Upper(evidence.FalseHits, evidence.Hits).ShouldBeLessThanOrEqualTo(Budget);
    }

    [Fact]
    public void Answers_that_disagree_by_chance_prove_nothing() =>
        Evidence.Of(SampleQuestions.Take(600, number => number % 9 != 0 && number * 7919 % 100 >= 5), Budget).Threshold.ShouldBeNull();

    [Fact]
    public void Larger_budget_is_proven_by_what_a_smaller_one_is_not() =>
        Evidence.Of(SampleQuestions.Take(600, number => number % 9 != 0 && number * 7919 % 100 >= 5), 0.1).Threshold.ShouldNotBeNull();

    [Fact]
    public void Traffic_that_turns_bad_closes_what_was_open()
    {
        // Few of all, but every one of them among the newest.
        var samples = SampleQuestions.Take(4_000, number => number % 9 != 0 && (number < 3_950 || number % 4 != 1));

        Evidence.Of(samples, Budget).Threshold.ShouldBeNull();
        Evidence.Of([.. samples[2_000..], .. samples[..2_000]], Budget).Threshold.ShouldNotBeNull();
    }

    [Fact]
    public void Same_samples_make_the_same_threshold()
    {
        var samples = SampleQuestions.Take(600);

        Evidence.Of(samples, Budget).Threshold.ShouldBe(Evidence.Of(samples, Budget).Threshold);
    }

    [Fact]
    public void Evidence_is_looked_at_again_when_enough_is_new()
    {
        var evidence = Evidence.Of(SampleQuestions.Take(1_000), Budget);

        evidence.IsStale(99).ShouldBeFalse();
        evidence.IsStale(100).ShouldBeTrue();
        Evidence.None.IsStale(49).ShouldBeFalse();
    }
}
