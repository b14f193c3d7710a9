using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Chat;

public sealed class TimerTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task Handshake_that_stalls_is_ended_by_the_connect_timer_and_costs_nothing()
    {
        var silent = fixture.Upstream.Script("unused", e => e.HoldAsync()).Replace("http://", "https://", StringComparison.Ordinal);
        var plan = Plans.Plan(Plans.Candidate("stalled-tls", silent));
        plan.Rules.ConnectTimeout = Plans.Milliseconds(200);

        var answer = await Answer.OfAsync(fixture, plan);

        Expect(answer, "connect_timeout", AttemptOutcome.Failed);
        answer.Summary.Settlement.ShouldBe(Settlement.Released);
    }

    [Fact]
    public async Task Silence_in_the_middle_is_ended_by_the_idle_timer()
    {
        var answer = await Answer.OfAsync(fixture, Speaking("idle", e => e.HoldAsync(), r => r.IdleTimeout = Plans.Milliseconds(200)));

        Expect(answer, "idle_timeout", AttemptOutcome.Broken);
        answer.Text.ShouldBe("Hello");
        answer.Summary.Settlement.ShouldBe(Settlement.Estimated);
    }

    [Fact]
    public async Task Keep_alives_hold_off_the_idle_timer_but_not_the_maximum_duration()
    {
        var answer = await Answer.OfAsync(fixture, Speaking("drip", DripAsync, r =>
        {
            r.IdleTimeout = Plans.Milliseconds(300);
            r.MaxDuration = Plans.Milliseconds(900);
        }));

        Expect(answer, "max_duration", AttemptOutcome.Broken);
    }

    [Fact]
    public async Task Silent_candidate_leaves_the_next_its_share_of_the_deadline()
    {
        var silent = fixture.Upstream.Script("share", e => e.HoldAsync());
        var next = fixture.Upstream.Script("share-next", OpenAIWire.AnswerAsync);
        var plan = Plans.Plan(Plans.Candidate("share", silent), Plans.Candidate("share-next", next));
        plan.Rules.ConnectTimeout = Plans.Milliseconds(10_000);
        plan.Rules.TotalDeadline = Plans.Milliseconds(30_000);

        var answer = await Answer.OfAsync(fixture, plan);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        answer.Summary.Attempts[0].Failure.Code.ShouldBe("first_token_timeout");
    }

    [Fact]
    public async Task Last_candidate_that_may_be_asked_has_all_the_time_that_is_left()
    {
        var silent = fixture.Upstream.Script("share-last", e => e.HoldAsync());
        var plan = Plans.Plan(Plans.Candidate("share-last", silent), Plans.Candidate("share-never", silent));
        plan.Rules.ConnectTimeout = Plans.Milliseconds(3000);
        plan.Rules.TotalDeadline = Plans.Milliseconds(4500);
        plan.Rules.MaxAttempts = 1;

        Expect(await Answer.OfAsync(fixture, plan), "total_deadline", AttemptOutcome.Failed);
    }

    [Fact]
    public async Task Total_deadline_ends_the_request_and_asks_nobody_else()
    {
        var slow = fixture.Upstream.Script("deadline", e => e.HoldAsync());
        var next = fixture.Upstream.Script("deadline-next", OpenAIWire.AnswerAsync);
        var plan = Plans.Plan(Plans.Candidate("deadline", slow), Plans.Candidate("deadline-next", next));
        plan.Rules.TotalDeadline = Plans.Milliseconds(300);

        var answer = await Answer.OfAsync(fixture, plan);

        Expect(answer, "total_deadline", AttemptOutcome.Failed);
        fixture.Upstream.Requests("deadline-next").ShouldBeEmpty();
    }

    [Fact]
    public async Task Plain_answer_may_take_longer_than_a_first_token()
    {
        var url = fixture.Upstream.Script("slow-plain", async e =>
        {
            await Task.Delay(400, e.Stopping);
            await e.ReplyJsonAsync(OpenAIWire.Plain);
        });
        var plan = Plans.Plan(Plans.Candidate("slow-plain", url));
        plan.Rules.FirstTokenTimeout = Plans.Milliseconds(100);

        var answer = await Answer.OfAsync(fixture, plan, stream: false);

        answer.Error.ShouldBeNull();
    }

    private Plan Speaking(string name, Func<UpstreamExchange, Task> then, Action<ExecutionRules> rules)
    {
        var url = fixture.Upstream.Script(name, async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream[..2]));
            await then(e);
        });
        var plan = Plans.Plan(Plans.Candidate(name, url));
        rules(plan.Rules);
        return plan;
    }

    private static async Task DripAsync(UpstreamExchange exchange)
    {
        while (!exchange.Stopping.IsCancellationRequested)
        {
            await exchange.SendAsync(": still here\n\n");
            await Task.Delay(50, exchange.Stopping);
        }
    }

    private static void Expect(Answer answer, string code, AttemptOutcome outcome)
    {
        (answer.Error!.FailureClass, answer.Error.Code).ShouldBe((FailureClass.ProviderTimeout, code));
        answer.Outcomes.ShouldBe([outcome]);
        answer.Count(ChatEvent.EventOneofCase.Finish).ShouldBe(0);
    }
}
