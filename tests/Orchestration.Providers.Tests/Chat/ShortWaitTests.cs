using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Chat;

public sealed class ShortWaitTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task Short_rest_of_the_last_candidate_is_waited_out()
    {
        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("brief", LimitedOnce("brief", "rate_limit_exceeded", "Retry-After: 0.3"))));

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        answer.Outcomes.ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Succeeded]);
        Between(answer).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task Place_among_concurrent_requests_is_waited_for_a_moment()
    {
        var url = LimitedOnce("places", "concurrency_limit_exceeded");
        var candidate = Plans.Candidate("places", url);
        candidate.Deployment.Provider = "zhipu";

        var answer = await Answer.OfAsync(fixture, Plans.Plan(candidate));

        answer.Summary.Attempts[0].Failure.FailureClass.ShouldBe(FailureClass.ProviderConcurrency);
        answer.Error.ShouldBeNull();
        Between(answer).ShouldBeInRange(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task Other_candidate_is_asked_before_anything_is_waited_for()
    {
        var next = fixture.Upstream.Script("brief-next", OpenAIWire.AnswerAsync);
        var plan = Plans.Plan(Plans.Candidate("brief-first", LimitedOnce("brief-first", "rate_limit_exceeded", "Retry-After: 0.3")), Plans.Candidate("brief-next", next));

        var answer = await Answer.OfAsync(fixture, plan);

        answer.Summary.Attempts.Select(a => a.Deployment).ShouldBe(["brief-first", "brief-next"]);
        Between(answer).ShouldBeLessThan(TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task Rest_that_outlasts_the_request_is_not_waited_for()
    {
        var plan = Plans.Plan(Plans.Candidate("too-late", LimitedOnce("too-late", "rate_limit_exceeded", "Retry-After: 0.9")));
        plan.Rules.TotalDeadline = Plans.Milliseconds(700);

        var answer = await Answer.OfAsync(fixture, plan);

        answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderRateLimited);
        answer.Error.RetryAfter.ToTimeSpan().ShouldBeInRange(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(900));
        answer.Summary.Attempts.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Retry-After: 3600", 120)]
    [InlineData("Retry-After: 2.5", 2.5)]
    [InlineData("retry-after-ms: 4000", 4)]
    public async Task Wait_that_a_provider_asks_for_is_kept_in_every_form(string header, double seconds)
    {
        var name = $"asked-{seconds}";
        var url = fixture.Upstream.Script(name, e => e.ReplyAsync(429, "application/json", OpenAIWire.Error("rate_limit_exceeded"), header));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate(name, url)));

        answer.Error!.RetryAfter.ToTimeSpan().TotalSeconds.ShouldBeInRange(seconds - 1, seconds);
    }

    [Theory]
    [InlineData("Retry-After: -5")]
    [InlineData("Retry-After: soon")]
    public async Task Wait_that_makes_no_sense_is_replaced_by_our_own(string header)
    {
        var name = $"senseless-{header.Length}";
        var url = fixture.Upstream.Script(name, e => e.ReplyAsync(429, "application/json", OpenAIWire.Error("rate_limit_exceeded"), header));
        var plan = Plans.Plan(Plans.Candidate(name, url));
        plan.Rules.MaxAttempts = 1;

        var answer = await Answer.OfAsync(fixture, plan);

        answer.Error!.RetryAfter.ToTimeSpan().ShouldBeInRange(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1.3));
    }

    private string LimitedOnce(string name, string code, params string[] headers)
    {
        var calls = 0;
        return fixture.Upstream.Script(name, e => Interlocked.Increment(ref calls) == 1
            ? e.ReplyAsync(429, "application/json", OpenAIWire.Error(code == "concurrency_limit_exceeded" ? "1302" : code), headers)
            : OpenAIWire.AnswerAsync(e));
    }

    private static TimeSpan Between(Answer answer) =>
        answer.Summary.Attempts[1].StartedAt.ToDateTimeOffset() - answer.Summary.Attempts[0].StartedAt.ToDateTimeOffset();
}
