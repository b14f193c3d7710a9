using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Chat;

public sealed class OddAnswerTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task Provider_that_ignores_the_length_it_was_given_is_cut_and_settled()
    {
        var url = Endless("overrun", OpenAIWire.Content("words without end and "));
        var start = Plans.Start(Plans.Plan(Plans.Candidate("overrun", url)));
        start.Request.MaxOutputTokens = 100;

        var answer = await Answer.OfAsync(fixture, start);

        (answer.Error!.FailureClass, answer.Error.Code).ShouldBe((FailureClass.ProviderProtocol, "upstream_overrun"));
        answer.Count(ChatEvent.EventOneofCase.Finish).ShouldBe(0);
        answer.Summary.Attempts[0].Usage.OutputTokens.ShouldBeInRange(380, 700);
        fixture.Completed(answer.RequestId).Single().Settlement.ShouldBe("estimated");
    }

    [Fact]
    public async Task Reasoning_does_not_count_towards_the_length_of_the_answer()
    {
        var thought = """{"id":"r-1","object":"chat.completion.chunk","created":1790000000,"model":"up-model","choices":[{"index":0,"delta":{"reasoning_content":"let me think about this for a good long while "},"finish_reason":null}]}""";
        var url = fixture.Upstream.Script("long-thought", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody(Enumerable.Repeat(thought, 200)));
            await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream));
        });
        var start = Plans.Start(Plans.Plan(Plans.Candidate("long-thought", url)));
        start.Request.MaxOutputTokens = 50;

        (await Answer.OfAsync(fixture, start)).Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("up-model", false)]
    [InlineData("up-model-2026-01-01", false)]
    [InlineData("vendor/up-model", false)]
    [InlineData("another-model", true)]
    public async Task Other_model_than_asked_for_is_told_as_a_warning(string reported, bool told)
    {
        var url = fixture.Upstream.Script($"model-{reported.Replace('/', '-')}", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream.Select(d => d.Replace("\"up-model\"", $"\"{reported}\"", StringComparison.Ordinal))));
        });

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate($"model-{reported}", url)));

        answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Warnings.Any(w => w.Code == "model_mismatch").ShouldBe(told);
    }

    [Fact]
    public async Task Report_far_below_the_text_is_doubted()
    {
        var url = fixture.Upstream.Script("too-few", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, .. Enumerable.Repeat(OpenAIWire.Content("many words and more words and many words "), 40), OpenAIWire.Finish]));
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.UsageChunk.Replace(":500,", ":2,", StringComparison.Ordinal).Replace(":1500", ":1002", StringComparison.Ordinal), OpenAIWire.Done]));
        });

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("too-few", url)));

        answer.Summary.Settlement.ShouldBe(Settlement.Estimated);
        answer.Summary.Attempts[0].Usage.OutputTokens.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData("two-lengths", "Content-Length: 5\r\nContent-Length: 400\r\n\r\n{\"a\":1}")]
    [InlineData("header-flood", "{flood}\r\n{}")]
    public async Task Answer_that_is_no_honest_http_is_refused(string name, string rest)
    {
        var flood = string.Concat(Enumerable.Repeat("X-Filler: " + new string('x', 1000) + "\r\n", 200));
        var url = fixture.Upstream.Script(name, e => e.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n" + rest.Replace("{flood}", flood, StringComparison.Ordinal)));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate(name, url)));

        answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
        answer.Error.Message.ShouldNotContain("xxx");
    }

    [Fact]
    public async Task Interim_answers_are_no_first_token()
    {
        var url = fixture.Upstream.Script("early-hints", async e =>
        {
            for (var i = 0; i < 8; i++) await e.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            await e.HoldAsync();
        });
        var plan = Plans.Plan(Plans.Candidate("early-hints", url));
        plan.Rules.FirstTokenTimeout = Plans.Milliseconds(300);

        (await Answer.OfAsync(fixture, plan)).Error!.Code.ShouldBe("first_token_timeout");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task Encoding_that_was_not_asked_for_is_refused_unread(string encoding)
    {
        var url = fixture.Upstream.Script($"enc-{encoding}", e => e.ReplyAsync(200, "application/json", OpenAIWire.Plain, $"Content-Encoding: {encoding}"));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate($"enc-{encoding}", url)), stream: false);

        answer.Error!.Code.ShouldBe("upstream_protocol");
        fixture.Upstream.Requests($"enc-{encoding}")[0].Headers["Accept-Encoding"].ShouldBe("identity");
    }

    [Fact]
    public async Task Page_of_a_proxy_is_never_forwarded()
    {
        var url = fixture.Upstream.Script("proxy-page", e => e.ReplyAsync(502, "text/html", "<html><h1>Bad gateway at node-17.internal</h1></html>"));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("proxy-page", url)));

        string.Concat(answer.Events.Select(e => e.ToString())).ShouldNotContain("node-17");
        answer.Error!.ProviderStatus.ShouldBe(502);
    }

    [Fact]
    public async Task Client_that_leaves_right_before_the_usage_pays_for_prompt_and_text()
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var text = Enumerable.Repeat(OpenAIWire.Content("many words and more words and many words "), 30);
        var url = fixture.Upstream.Script("free-ride", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, .. text, OpenAIWire.Finish]));
            sent.SetResult();
            await e.HoldAsync();
        });
        var start = Plans.Start(Plans.Plan(Plans.Candidate("free-ride", url)));
        start.Plan.Rules.DrainAfterDisconnect = new();
        using (var call = fixture.Client.Execute(fixture.Call(cancellationToken: TestContext.Current.CancellationToken)))
        {
            await call.RequestStream.WriteAsync(new() { Start = start }, TestContext.Current.CancellationToken);
            await sent.Task;
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken) && call.ResponseStream.Current.Finish is null)
            {
                // Until the answer is complete but for its usage.
            }
        }

        var completed = (await fixture.CompletedAsync(Guid.Parse(start.RequestId), 1)).ShouldHaveSingleItem();
        (completed.Settlement, completed.Usage.Input).ShouldBe(("estimated", 11));
        completed.Usage.Output.ShouldBeGreaterThan(250);
    }

    [Fact]
    public async Task Drain_ends_after_the_tokens_that_the_route_names()
    {
        var url = Endless("route-drain", OpenAIWire.Content("many words and more words and many words "));
        var start = Plans.Start(Plans.Plan(Plans.Candidate("route-drain", url)));
        start.Plan.DefaultMaxOutput = 1_000_000;
        start.Plan.Rules.DrainTokensAfterDisconnect = 100;
        start.Plan.Rules.DrainAfterDisconnect = Plans.Milliseconds(60_000);
        using (var call = fixture.Client.Execute(fixture.Call(cancellationToken: TestContext.Current.CancellationToken)))
        {
            await call.RequestStream.WriteAsync(new() { Start = start }, TestContext.Current.CancellationToken);
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken) && call.ResponseStream.Current.PartDelta is null)
            {
                // Until the first text.
            }
        }

        var completed = (await fixture.CompletedAsync(Guid.Parse(start.RequestId), 1)).ShouldHaveSingleItem();
        completed.Outcome.ShouldBe("cancelled");
        completed.Usage.Output.ShouldBeInRange(100, 100_000);
    }

    private string Endless(string name, string content)
    {
        var words = OpenAIWire.AsBody(Enumerable.Repeat(content, 5));
        return fixture.Upstream.Script(name, async e =>
        {
            await e.BeginStreamAsync();
            await e.SendDataAsync(OpenAIWire.Role);
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync(words);
        });
    }
}
