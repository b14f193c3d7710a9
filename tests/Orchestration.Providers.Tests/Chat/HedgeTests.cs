using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Chat;

public sealed class HedgeTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task Silent_provider_is_outrun_by_the_next_and_both_are_booked()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var silent = fixture.Upstream.Script("hedge-silent", async e =>
        {
            await e.HoldAsync();
            left.SetResult();
        });
        var quick = fixture.Upstream.Script("hedge-quick", OpenAIWire.AnswerAsync);
        var plan = Hedged("both", Plans.Candidate("hedge-silent", silent), Plans.Candidate("hedge-quick", quick));
        await EarnAsync("both");

        var answer = await Answer.OfAsync(fixture, plan);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        answer.Count(Kind.ResponseStarted).ShouldBe(1);
        answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Deployment.ShouldBe("hedge-quick");
        answer.Outcomes.ShouldBe([AttemptOutcome.Cancelled, AttemptOutcome.Succeeded]);
        var completed = fixture.Completed(answer.RequestId).OrderBy(c => c.Ordinal).ToList();
        completed.Select(c => (c.Outcome, c.FailureCode, c.Settlement)).ShouldBe([("cancelled", "outrun", "estimated"), ("succeeded", "", "exact")]);
        completed[0].Usage.Input.ShouldBe(11);
        fixture.Started(answer.RequestId).Count.ShouldBe(2);
        decimal.Parse(answer.Summary.Cost.Amount, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(completed.Sum(c => c.Billed));
        await left.Task.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task First_provider_that_speaks_after_all_wins_and_the_hedge_is_withdrawn()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = fixture.Upstream.Script("hedge-slow", async e =>
        {
            await asked.Task.WaitAsync(e.Stopping);
            await OpenAIWire.AnswerAsync(e);
        });
        var later = fixture.Upstream.Script("hedge-later", async e =>
        {
            asked.SetResult();
            await e.HoldAsync();
        });
        await EarnAsync("first");

        var answer = await Answer.OfAsync(fixture, Hedged("first", Plans.Candidate("hedge-slow", slow), Plans.Candidate("hedge-later", later)));

        answer.Outcomes.ShouldBe([AttemptOutcome.Succeeded, AttemptOutcome.Cancelled]);
        answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Deployment.ShouldBe("hedge-slow");
    }

    [Fact]
    public async Task Answer_whose_two_providers_speak_at_once_is_told_once()
    {
        var both = new Barrier(2);
        async Task TogetherAsync(UpstreamExchange exchange)
        {
            await exchange.BeginStreamAsync();
            await Task.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(5)));
            await exchange.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream));
        }

        var one = fixture.Upstream.Script("hedge-one", TogetherAsync);
        var two = fixture.Upstream.Script("hedge-two", TogetherAsync);
        await EarnAsync("together");
        for (var i = 0; i < 20; i++)
        {
            var answer = await Answer.OfAsync(fixture, Hedged("together", Plans.Candidate("hedge-one", one), Plans.Candidate("hedge-two", two)));

            (answer.Text, answer.Error).ShouldBe(("Hello world", null));
            answer.Count(Kind.ResponseStarted).ShouldBe(1);
            answer.Outcomes.Order().ShouldBe([AttemptOutcome.Succeeded, AttemptOutcome.Cancelled]);
        }
    }

    [Fact]
    public async Task Both_may_fail_and_the_third_is_asked()
    {
        var silent = fixture.Upstream.Script("hedge-bad-1", e => e.HoldAsync());
        var broken = fixture.Upstream.Script("hedge-bad-2", e => e.ReplyAsync(500, "application/json", OpenAIWire.Error("server_error")));
        var good = fixture.Upstream.Script("hedge-good", OpenAIWire.AnswerAsync);
        var plan = Hedged("third", Plans.Candidate("hedge-bad-1", silent), Plans.Candidate("hedge-bad-2", broken), Plans.Candidate("hedge-good", good));
        plan.Rules.FirstTokenTimeout = Plans.Milliseconds(400);
        await EarnAsync("third");

        var answer = await Answer.OfAsync(fixture, plan);

        answer.Summary.Attempts.Select(a => (a.Deployment, a.Outcome)).ShouldBe(
            [("hedge-bad-1", AttemptOutcome.Failed), ("hedge-bad-2", AttemptOutcome.Failed), ("hedge-good", AttemptOutcome.Succeeded)]);
    }

    [Fact]
    public async Task Route_without_spend_behind_it_does_not_hedge()
    {
        var answer = await SlowAsync("poor", _ => { });

        answer.Summary.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe(AttemptOutcome.Succeeded);
    }

    [Fact]
    public async Task Hedge_that_does_not_fit_under_the_ceiling_is_not_made()
    {
        await EarnAsync("ceiling");

        // One worst case of 0.01 fits, two do not.
        var answer = await SlowAsync("ceiling", start => start.Ceiling = new() { Amount = "0.015", Currency = "CNY" });

        answer.Summary.Attempts.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Candidate_that_was_too_dear_as_a_hedge_is_asked_once_the_first_has_failed()
    {
        await EarnAsync("dear");
        var failing = fixture.Upstream.Script("dear-first", async e =>
        {
            await Task.Delay(300, e.Stopping);
            await e.ReplyAsync(503, "application/json", OpenAIWire.Error("server_error"));
        });
        var next = fixture.Upstream.Script("dear-next", OpenAIWire.AnswerAsync);
        var start = Plans.Start(Hedged("dear", Plans.Candidate("dear-first", failing), Plans.Candidate("dear-next", next)));
        start.Ceiling = new() { Amount = "0.015", Currency = "CNY" };

        var answer = await Answer.OfAsync(fixture, start);

        answer.Error.ShouldBeNull();
        answer.Summary.Attempts.Select(a => a.Deployment).ShouldBe(["dear-first", "dear-next"]);
    }

    [Fact]
    public async Task Hedge_is_never_sent_to_the_deployment_that_is_silent()
    {
        await EarnAsync("same");

        var answer = await SlowAsync("same", start => start.Plan.Candidates[1] = start.Plan.Candidates[0].Clone());

        answer.Summary.Attempts.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Hedge_counts_as_an_attempt()
    {
        await EarnAsync("bounded");

        var answer = await SlowAsync("bounded", start => start.Plan.Rules.MaxAttempts = 1);

        answer.Summary.Attempts.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Plain_answer_is_not_hedged()
    {
        await EarnAsync("plain");

        var answer = await SlowAsync("plain", start => start.Request.Stream = false);

        answer.Summary.Attempts.ShouldHaveSingleItem();
    }

    private static Plan Hedged(string route, params Candidate[] candidates)
    {
        var plan = Plans.Plan(candidates);
        plan.Route = $"hedged-{route}";
        plan.Rules.HedgeAfter = Plans.Milliseconds(80);
        plan.Rules.HedgeSpendPercent = 100;
        return plan;
    }

    // Answers a request of the route, so that there is a spend to take a percentage of.
    private async Task EarnAsync(string route)
    {
        var url = fixture.Upstream.Script($"earn-{route}", OpenAIWire.AnswerAsync);
        (await Answer.OfAsync(fixture, Hedged(route, Plans.Candidate($"earn-{route}", url)))).Error.ShouldBeNull();
    }

    private async Task<Answer> SlowAsync(string name, Action<Start> change)
    {
        var slow = fixture.Upstream.Script($"slow-{name}", async e =>
        {
            await Task.Delay(300, e.Stopping);
            if (fixture.Upstream.Requests($"slow-{name}")[^1].Body.Contains("\"stream\":true", StringComparison.Ordinal)) await OpenAIWire.AnswerAsync(e);
            else await e.ReplyJsonAsync(OpenAIWire.Plain);
        });
        var next = fixture.Upstream.Script($"slow-next-{name}", OpenAIWire.AnswerAsync);
        var start = Plans.Start(Hedged(name, Plans.Candidate($"slow-{name}", slow), Plans.Candidate($"slow-next-{name}", next)));
        change(start);
        return await Answer.OfAsync(fixture, start);
    }
}
