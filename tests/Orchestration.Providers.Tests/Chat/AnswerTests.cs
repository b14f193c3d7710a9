using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Chat;

public sealed class AnswerTests(ProvidersFixture fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_is_told_in_order_metered_exactly_and_witnessed_twice(bool stream)
    {
        var name = $"answers-{stream}".ToLowerInvariant();
        var url = fixture.Upstream.Script(name, stream ? OpenAIWire.AnswerAsync : e => e.ReplyJsonAsync(OpenAIWire.Plain));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate(name, url)), stream);

        answer.Text.ShouldBe("Hello world");
        answer.Error.ShouldBeNull();
        Kind[] kinds = [Kind.AttemptStarted, Kind.ResponseStarted, Kind.PartStart, Kind.PartDelta, Kind.Usage, Kind.Finish, Kind.Summary];
        kinds.Select(answer.IndexOf).ShouldBeInOrder();
        answer.IndexOf(Kind.AttemptStarted).ShouldBe(0);
        answer.Count(Kind.Finish).ShouldBe(1);

        var attempt = answer.Summary.Attempts.ShouldHaveSingleItem();
        attempt.Outcome.ShouldBe(AttemptOutcome.Succeeded);
        (attempt.Usage.InputTokens, attempt.Usage.OutputTokens, attempt.Usage.Source).ShouldBe((1000, 500, UsageSource.Provider));
        (attempt.Cost.Amount, attempt.Cost.Currency).ShouldBe(("0.002", "USD"));
        (answer.Summary.Cost.Amount, answer.Summary.Cost.Currency).ShouldBe(("0.014", "CNY"));
        answer.Summary.Settlement.ShouldBe(Settlement.Exact);
        attempt.Simulated.ShouldBeTrue();

        fixture.Ledger(answer.RequestId).Select(e => e.Type).ShouldBe(["AttemptStarted", "AttemptCompleted"]);
        var started = fixture.Started(answer.RequestId).ShouldHaveSingleItem();
        var completed = fixture.Completed(answer.RequestId).ShouldHaveSingleItem();
        (started.AttemptId, completed.AttemptId).ShouldBe((Guid.Parse(attempt.AttemptId), started.AttemptId));
        (completed.Outcome, completed.Settlement, completed.Cost, completed.Billed).ShouldBe(("succeeded", "exact", 0.002m, 0.014m));
        PriceRecord.Parser.ParseJson(started.Target.Price).Tiers.ShouldHaveSingleItem().Output.ShouldBe("2");
        (completed.Dimensions.TenantId, completed.Dimensions.Purpose, completed.Dimensions.Tags["team"]).ShouldBe((Plans.Tenant, "chat", "blue"));
        completed.TimeToFirstTokenMs.ShouldNotBeNull();
    }

    [Fact]
    public async Task Commit_tells_who_answers_and_what_was_changed()
    {
        var url = fixture.Upstream.Script("facts", OpenAIWire.AnswerAsync);

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("facts", url)));

        var started = answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted;
        (started.Deployment, started.Provider, started.Model, started.Route, started.Simulated)
            .ShouldBe(("facts", "deepseek", "deepseek-flash", "auto", true));
        (started.ReportedModel, started.ProviderResponseId).ShouldBe(("up-model", "r-1"));
        started.Warnings.ShouldContain(w => w.Code == "default_max_output");
    }

    [Fact]
    public async Task Every_parameter_that_was_dropped_is_named()
    {
        var url = fixture.Upstream.Script("dropped", OpenAIWire.AnswerAsync);
        var start = Plans.Start(Plans.Plan(Plans.Candidate("dropped", url)));
        start.Request.Sampling = new Sampling { Seed = 7, TopK = 3 };
        start.Request.ChoiceCount = 2;

        var answer = await Answer.OfAsync(fixture, start);

        var warnings = answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Warnings;
        warnings.Where(w => w.Code == "parameter_dropped").Select(w => w.Param).ShouldBe(["n", "seed", "top_k"], ignoreOrder: true);
        warnings.Count(w => w.Code == "default_max_output").ShouldBe(1);
    }

    [Fact]
    public async Task Provider_is_sent_the_encoded_request_without_our_internals()
    {
        var url = fixture.Upstream.Script("sent", OpenAIWire.AnswerAsync);

        await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("sent", url)));

        var request = fixture.Upstream.Requests("sent").ShouldHaveSingleItem();
        request.Path.ShouldBe("/sent/v1/chat/completions");
        request.Headers["Authorization"].ShouldBe("Bearer simulated");
        request.Headers["Accept-Encoding"].ShouldBe("identity");
        request.Headers.Keys.ShouldNotContain("orchestration-identity");
        request.Body.ShouldContain("\"model\":\"up-model\"");
        request.Body.ShouldContain("\"max_tokens\":4096");
        request.Body.ShouldContain("include_usage");
        request.Body.ShouldNotContain(Plans.Tenant);
    }

    [Fact]
    public async Task Missing_usage_is_estimated_and_flagged()
    {
        var url = fixture.Upstream.Script("no-usage", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, OpenAIWire.Content("Hello world, this is text."), OpenAIWire.Finish, OpenAIWire.Done]));
        });

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("no-usage", url)));

        answer.Error.ShouldBeNull();
        var usage = answer.Events.Single(e => e.Usage is not null).Usage;
        usage.Source.ShouldBe(UsageSource.Estimated);
        usage.InputTokens.ShouldBe(11);
        usage.OutputTokens.ShouldBeGreaterThan(0);
        answer.Summary.Settlement.ShouldBe(Settlement.Estimated);
        fixture.Completed(answer.RequestId).Single().Settlement.ShouldBe("estimated");
    }

    [Theory]
    [InlineData("insufficient_system_resource")]
    [InlineData("error")]
    public async Task Plain_answer_that_failed_is_charged_what_was_reported(string finish)
    {
        var name = $"plain-{finish}";
        var url = fixture.Upstream.Script(name, e => e.ReplyJsonAsync(OpenAIWire.Plain.Replace("\"stop\"", $"\"{finish}\"", StringComparison.Ordinal)));
        var plan = Plans.Plan(Plans.Candidate(name, url));
        plan.Rules.MaxAttempts = 1;

        var answer = await Answer.OfAsync(fixture, plan, stream: false);

        answer.Error.ShouldNotBeNull();
        var completed = fixture.Completed(answer.RequestId).ShouldHaveSingleItem();
        (completed.Usage.Input, completed.Usage.Output, completed.Cost, completed.Settlement).ShouldBe((1000, 500, 0.002m, "estimated"));
        answer.Summary.Cost.Amount.ShouldBe("0.014");
    }

    [Theory]
    [InlineData(false, true, "0.0042")]
    [InlineData(false, false, "0.0014")]
    [InlineData(true, false, "0.0042")]
    public async Task Thinking_that_was_seen_is_priced_whatever_was_asked(bool asked, bool seen, string billed)
    {
        var name = $"thinking-{asked}-{seen}".ToLowerInvariant();
        var url = fixture.Upstream.Script(name, e => e.ReplyJsonAsync(seen
            ? OpenAIWire.Plain.Replace("\"content\"", "\"reasoning_content\":\"hm\",\"content\"", StringComparison.Ordinal)
            : OpenAIWire.Plain));
        var candidate = Plans.Candidate(name, url);
        candidate.Deployment.Price.Tiers.Clear();
        candidate.Deployment.Price.Tiers.Add(new PriceTier { Thinking = true, Input = "0.3", Output = "0.6" });
        candidate.Deployment.Price.Tiers.Add(new PriceTier { Input = "0.1", Output = "0.2" });
        var start = Plans.Start(Plans.Plan(candidate), stream: false);
        start.Request.Reasoning = new Reasoning { Enabled = asked };

        var answer = await Answer.OfAsync(fixture, start);

        answer.Summary.Cost.Amount.ShouldBe(billed);
        fixture.Upstream.Requests(name).Single().Body.ShouldContain(asked ? "\"thinking\":{\"type\":\"enabled\"}" : "\"thinking\":{\"type\":\"disabled\"}");
    }

    [Fact]
    public async Task Json_answer_to_a_stream_request_is_told_as_a_stream()
    {
        var url = fixture.Upstream.Script("json-for-stream", e => e.ReplyJsonAsync(OpenAIWire.Plain));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("json-for-stream", url)));

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
    }

    [Fact]
    public async Task Missing_end_marker_after_a_finish_reason_is_a_success()
    {
        var url = fixture.Upstream.Script("no-done", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream[..^1]));
        });

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("no-done", url)));

        (answer.Error, answer.Count(Kind.Finish), answer.Summary.Settlement).ShouldBe((null, 1, Settlement.Exact));
    }

    [Fact]
    public async Task Keep_alive_is_passed_on_before_the_commit()
    {
        var url = fixture.Upstream.Script("keep-alive", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(": keep-alive\n\n: keep-alive\n\n");
            await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream));
        });

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("keep-alive", url)));

        answer.Count(Kind.KeepAlive).ShouldBe(2);
        answer.IndexOf(Kind.KeepAlive).ShouldBeLessThan(answer.IndexOf(Kind.ResponseStarted));
        answer.Text.ShouldBe("Hello world");
    }

    [Fact]
    public async Task Strict_request_is_refused_rather_than_changed()
    {
        var url = fixture.Upstream.Script("strict", OpenAIWire.AnswerAsync);
        var start = Plans.Start(Plans.Plan(Plans.Candidate("strict", url)));
        start.Request.ChoiceCount = 2;
        start.Request.Hints = new RoutingHints { Strict = true };

        var answer = await Answer.OfAsync(fixture, start);

        answer.Error!.Code.ShouldBe("unsupported_parameter");
        fixture.Upstream.Requests("strict").ShouldBeEmpty();
        (answer.Summary.Attempts.Count, answer.Summary.Settlement).ShouldBe((0, Settlement.Released));
    }

    [Fact]
    public async Task Strict_request_with_a_stop_sequence_that_the_provider_does_not_take_is_answered_and_cut()
    {
        var candidate = Plans.Candidate("strict-stop", fixture.Upstream.Script("strict-stop", OpenAIWire.AnswerAsync));
        (candidate.Deployment.Provider, candidate.Deployment.UpstreamModel) = ("iflytek", "4.0Ultra");
        var start = Plans.Start(Plans.Plan(candidate));
        start.Request.Stop.Add("wor");
        start.Request.Hints = new RoutingHints { Strict = true };

        var answer = await Answer.OfAsync(fixture, start);

        (answer.Text, answer.Error).ShouldBe(("Hello ", null));
        fixture.Upstream.Requests("strict-stop").ShouldHaveSingleItem().Body.ShouldNotContain("stop\"");
    }

    [Fact]
    public async Task Strict_request_is_not_refused_for_reasoning_that_a_client_sends_back()
    {
        var candidate = Plans.Candidate("strict-reasoning", fixture.Upstream.Script("strict-reasoning", OpenAIWire.AnswerAsync));
        (candidate.Deployment.Provider, candidate.Deployment.UpstreamModel) = ("mistral", "mistral-large-latest");
        var start = Plans.Start(Plans.Plan(candidate));
        var reasoned = new Message { Role = Role.Assistant, PlainContent = true, Parts = { new Part { Reasoning = new ReasoningPart { Text = "hm" } }, new Part { Text = new Text { Text_ = "yes" } } } };
        start.Request.Messages.Insert(0, reasoned);
        start.Request.Hints = new RoutingHints { Strict = true };

        var answer = await Answer.OfAsync(fixture, start);

        answer.Error.ShouldBeNull();
        answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Warnings.ShouldContain(w => w.Code == "reasoning_dropped");
    }
}
