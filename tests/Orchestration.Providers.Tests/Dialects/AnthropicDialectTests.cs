using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Dialects;

public sealed class AnthropicDialectTests(ProvidersFixture fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_is_told_in_order_and_metered_exactly(bool stream)
    {
        var name = $"anthropic-{stream}".ToLowerInvariant();
        var url = fixture.Upstream.Script(name, stream
            ? AnthropicWire.Answer([AnthropicWire.Start, AnthropicWire.Ping, .. AnthropicWire.Text(0, "Hello", " world"), AnthropicWire.End("end_turn"), AnthropicWire.Stop])
            : e => e.ReplyJsonAsync(AnthropicWire.Plain));

        var answer = await Answer.OfAsync(fixture, Plan(name, url), stream);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        Kind[] kinds = [Kind.AttemptStarted, Kind.ResponseStarted, Kind.PartStart, Kind.PartDelta, Kind.Usage, Kind.Finish, Kind.Summary];
        kinds.Select(answer.IndexOf).ShouldBeInOrder();
        var usage = answer.Summary.Attempts.ShouldHaveSingleItem().Usage;
        (usage.InputTokens + usage.CacheReadTokens, usage.OutputTokens, usage.Source).ShouldBe((1000, 500, UsageSource.Provider));
        usage.CacheReadTokens.ShouldBe(stream ? 0 : 600);
        answer.Summary.Settlement.ShouldBe(Settlement.Exact);
        var started = answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted;
        (started.ReportedModel, started.ProviderResponseId).ShouldBe(("up-model", "msg_1"));
    }

    [Fact]
    public async Task Provider_is_sent_its_own_protocol_with_its_headers()
    {
        var url = fixture.Upstream.Script("anthropic-sent", AnthropicWire.Answer([AnthropicWire.Start, .. AnthropicWire.Text(0, "Hi"), AnthropicWire.End("end_turn"), AnthropicWire.Stop]));

        await Answer.OfAsync(fixture, Plan("anthropic-sent", url));

        var request = fixture.Upstream.Requests("anthropic-sent").ShouldHaveSingleItem();
        request.Path.ShouldBe("/anthropic-sent/v1/messages");
        (request.Headers["x-api-key"], request.Headers["anthropic-version"]).ShouldBe(("simulated", "2023-06-01"));
        request.Headers.Keys.ShouldNotContain("Authorization");
        JsonNode.DeepEquals(JsonNode.Parse(request.Body), JsonNode.Parse(
            """{"model":"claude-sonnet-4-5","max_tokens":4096,"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"Say hello."}]}]}""")).ShouldBeTrue(request.Body);
    }

    [Fact]
    public async Task Parallel_tools_keep_ids_names_and_arguments()
    {
        var url = fixture.Upstream.Script("anthropic-tools", AnthropicWire.Answer(
        [
            AnthropicWire.Start, .. AnthropicWire.Tool(0, "toolu_1", "f", "", "{\\\"a\\\":", "1.0}"), .. AnthropicWire.Tool(1, "toolu_2", "g", ""), AnthropicWire.End("tool_use"), AnthropicWire.Stop,
        ]));

        var answer = await Answer.OfAsync(fixture, Plan("anthropic-tools", url));

        answer.Events.Where(e => e.PartStart is not null).Select(e => $"{e.PartStart.ToolCall.Id} {e.PartStart.ToolCall.Name}").ShouldBe(["toolu_1 f", "toolu_2 g"]);
        answer.Text.ShouldBe("{\"a\":1.0}{}");
        answer.Events.Single(e => e.Finish is not null).Finish.Reason.ShouldBe(FinishReason.ToolCalls);
    }

    [Fact]
    public async Task Alias_of_a_tool_is_mapped_back()
    {
        var alias = "";
        var url = fixture.Upstream.Script("anthropic-alias", e =>
        {
            alias = (string)JsonNode.Parse(fixture.Upstream.Requests("anthropic-alias")[0].Body)!["tools"]![0]!["name"]!;
            return AnthropicWire.Answer([AnthropicWire.Start, .. AnthropicWire.Tool(0, "toolu_1", alias, "{}"), AnthropicWire.End("tool_use"), AnthropicWire.Stop])(e);
        });
        var start = Plans.Start(Plan("anthropic-alias", url));
        start.Request.Tools.Add(new Tool { Name = "fs.read" });

        var answer = await Answer.OfAsync(fixture, start);

        alias.ShouldNotBe("fs.read");
        answer.Events.Single(e => e.PartStart is not null).PartStart.ToolCall.Name.ShouldBe("fs.read");
    }

    [Fact]
    public async Task Thinking_comes_with_its_signature_and_goes_back_to_its_origin_only()
    {
        var script = AnthropicWire.Answer([AnthropicWire.Start, .. AnthropicWire.Thinking(0, "hm", "c2ln"), .. AnthropicWire.Text(1, "Hi"), AnthropicWire.End("end_turn"), AnthropicWire.Stop]);
        var url = fixture.Upstream.Script("anthropic-thinking", script);
        var start = Plans.Start(Plan("anthropic-thinking", url));
        start.Request.Reasoning = new Reasoning { Effort = "low" };

        var answer = await Answer.OfAsync(fixture, start);

        answer.Events.Single(e => e.PartDelta is { Signature.Length: > 0 }).PartDelta.Signature.ShouldBe("c2ln");
        fixture.Upstream.Requests("anthropic-thinking")[0].Body.ShouldContain("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}");

        foreach (var (origin, sent) in new[] { ("anthropic/claude-sonnet-4-5", true), ("google/gemini-3-pro", false) })
        {
            var name = $"anthropic-replay-{sent}".ToLowerInvariant();
            var next = Plans.Start(Plan(name, fixture.Upstream.Script(name, script)));
            next.Request.Messages.Add(new Message { Role = Role.Assistant, Parts = { new Part { Reasoning = new ReasoningPart { Text = "hm", Signature = "c2ln", Origin = origin } }, new Part { Text = new Text { Text_ = "Hi" } } } });
            next.Request.Messages.Add(new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = "And?" } } } });
            var second = await Answer.OfAsync(fixture, next);
            fixture.Upstream.Requests(name)[0].Body.Contains("c2ln", StringComparison.Ordinal).ShouldBe(sent);
            second.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Warnings.Any(w => w.Code == "parameter_dropped").ShouldBe(!sent);
        }
    }

    [Theory]
    [InlineData(400, "invalid_request_error", "messages.0: bad", FailureClass.ProviderInvalidRequest)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", FailureClass.ContextLength)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", FailureClass.ProviderBalance)]
    [InlineData(401, "authentication_error", "invalid x-api-key", FailureClass.ProviderAuth)]
    [InlineData(429, "rate_limit_error", "slow down", FailureClass.ProviderRateLimited)]
    [InlineData(529, "overloaded_error", "Overloaded", FailureClass.ProviderOverloaded)]
    public async Task Errors_have_their_class(int status, string type, string message, FailureClass expected)
    {
        var name = $"anthropic-error-{expected}".ToLowerInvariant();
        var plan = Plan(name, fixture.Upstream.Script(name, e => e.ReplyAsync(status, "application/json", AnthropicWire.Error(type, message))));
        plan.Rules.MaxAttempts = 1;

        var answer = await Answer.OfAsync(fixture, plan);

        var failure = answer.Summary.Attempts.ShouldHaveSingleItem().Failure;
        (failure.FailureClass, failure.ProviderStatus).ShouldBe((expected, status));
        answer.Count(Kind.Finish).ShouldBe(0);
    }

    [Fact]
    public async Task Reset_of_the_rate_limit_is_the_wait_where_the_provider_names_no_other()
    {
        var plan = Plan("anthropic-reset", fixture.Upstream.Script("anthropic-reset", e => e.ReplyAsync(
            429, "application/json", AnthropicWire.Error("rate_limit_error", "no"), "anthropic-ratelimit-requests-remaining: 0", "anthropic-ratelimit-requests-reset: 2999-01-01T00:00:00Z")));
        plan.Rules.MaxAttempts = 1;

        var answer = await Answer.OfAsync(fixture, plan);

        answer.Summary.Attempts.Single().Failure.RetryAfter.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(120));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_or_failed_stream_ends_with_an_error_and_is_billed_by_what_came(bool withError)
    {
        var name = $"anthropic-cut-{withError}".ToLowerInvariant();
        string[] events = [AnthropicWire.Start, AnthropicWire.Text(0, "Hello")[0], AnthropicWire.Text(0, "Hello")[1]];
        var url = fixture.Upstream.Script(name, AnthropicWire.Answer(withError ? [.. events, AnthropicWire.Error("overloaded_error", "Overloaded")] : events));

        var answer = await Answer.OfAsync(fixture, Plan(name, url));

        answer.Text.ShouldBe("Hello");
        answer.Error!.FailureClass.ShouldBe(withError ? FailureClass.ProviderOverloaded : FailureClass.ProviderTruncated);
        answer.Count(Kind.Finish).ShouldBe(0);
        answer.Outcomes.ShouldBe([AttemptOutcome.Broken]);
        answer.Summary.Attempts.Single().Usage.InputTokens.ShouldBe(1000);
    }

    [Fact]
    public async Task Error_before_the_first_word_fails_over()
    {
        var first = Candidate("anthropic-first", fixture.Upstream.Script("anthropic-first", AnthropicWire.Answer([AnthropicWire.Start, AnthropicWire.Ping, AnthropicWire.Error("overloaded_error", "Overloaded")])));
        var second = Plans.Candidate("openai-second", fixture.Upstream.Script("openai-second", OpenAIWire.AnswerAsync));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(first, second));

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        answer.Outcomes.ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Succeeded]);
    }

    [Fact]
    public async Task Content_that_the_protocol_cannot_say_goes_to_a_provider_that_can()
    {
        var first = Candidate("anthropic-audio", fixture.Upstream.Script("anthropic-audio", e => e.ReplyJsonAsync(AnthropicWire.Plain)));
        var second = Plans.Candidate("openai-audio", fixture.Upstream.Script("openai-audio", OpenAIWire.AnswerAsync));
        var start = Plans.Start(Plans.Plan(first, second));
        start.Request.Messages[0].Parts.Add(new Part { Audio = new Audio { Base64 = "AAAA", Format = "wav" } });

        var answer = await Answer.OfAsync(fixture, start);

        answer.Text.ShouldBe("Hello world");
        fixture.Upstream.Requests("anthropic-audio").ShouldBeEmpty();
    }

    private static Plan Plan(string name, string url) => Plans.Plan(Candidate(name, url));

    private static Candidate Candidate(string name, string url)
    {
        var candidate = Plans.Candidate(name, url);
        candidate.Deployment.Provider = "anthropic";
        candidate.Deployment.Model = "claude-sonnet-4-5";
        candidate.Deployment.UpstreamModel = "claude-sonnet-4-5";
        candidate.Deployment.Protocol = Protocol.AnthropicMessages;
        candidate.Deployment.Price.Tiers[0].CacheRead = "0.1";
        return candidate;
    }
}
