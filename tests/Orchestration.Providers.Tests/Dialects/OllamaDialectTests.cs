using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Dialects;

public sealed class OllamaDialectTests(ProvidersFixture fixture)
{
    private const string Last = """{"model":"qwen3:8b","created_at":"2026-09-01T10:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":4883583458,"prompt_eval_count":1000,"eval_count":500}""";

    private static readonly string[] Text = [Line("\"content\":\"Hello\""), Line("\"content\":\" world\""), Last];

    [Fact]
    public async Task Plain_answer_is_asked_for_without_a_stream()
    {
        var url = fixture.Upstream.Script("ollama-plain", e => e.ReplyJsonAsync(Last.Replace("\"content\":\"\"", "\"content\":\"Hello world\"", StringComparison.Ordinal)));

        var answer = await Answer.OfAsync(fixture, Start("ollama-plain", url, stream: false));

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        var request = fixture.Upstream.Requests("ollama-plain").ShouldHaveSingleItem();
        request.Path.ShouldBe("/ollama-plain/v1/api/chat");
        request.Body.ShouldBe("""{"model":"qwen3:8b","messages":[{"role":"user","content":"Say hello."}],"options":{"num_predict":4096,"num_ctx":100000},"stream":false}""");
        var usage = answer.Summary.Attempts.ShouldHaveSingleItem().Usage;
        (usage.InputTokens, usage.OutputTokens, usage.Source).ShouldBe((1000, 500, UsageSource.Provider));
    }

    [Fact]
    public async Task Stream_of_lines_is_told_in_order_and_metered_exactly()
    {
        var url = fixture.Upstream.Script("ollama-stream", e => StreamAsync(e, [Line("\"content\":\"\",\"thinking\":\"hm \""), .. Text]));

        var answer = await Answer.OfAsync(fixture, Start("ollama-stream", url));

        (answer.Text, answer.Error, answer.Count(Kind.Finish)).ShouldBe(("hm Hello world", null, 1));
        answer.Events.Where(item => item.PartStart is not null).Select(item => item.PartStart.Kind).ShouldBe([PartKind.Reasoning, PartKind.Text]);
        answer.Summary.Settlement.ShouldBe(Settlement.Exact);
        fixture.Upstream.Requests("ollama-stream").Single().Body.ShouldContain("\"stream\":true");
    }

    [Fact]
    public async Task Stream_that_is_cut_never_finishes_a_choice()
    {
        var url = fixture.Upstream.Script("ollama-cut", e => StreamAsync(e, Text[..2]));

        var answer = await Answer.OfAsync(fixture, Start("ollama-cut", url));

        (answer.Text, answer.Error!.FailureClass, answer.Count(Kind.Finish)).ShouldBe(("Hello world", FailureClass.ProviderTruncated, 0));
    }

    [Fact]
    public async Task Tools_and_thinking_reach_the_model_and_come_back()
    {
        var url = fixture.Upstream.Script("ollama-tools", e => StreamAsync(e, Line("""  "content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]"""), Last));
        var start = Start("ollama-tools", url);
        start.Request.Tools.Add(new Tool { Name = "f", Parameters = """{"type":"object"}""" });
        start.Request.Reasoning = new Reasoning { Enabled = false };

        var answer = await Answer.OfAsync(fixture, start);

        var body = fixture.Upstream.Requests("ollama-tools").Single().Body;
        body.ShouldContain(""""tools":[{"type":"function","function":{"name":"f","description":"","parameters":{"type":"object"}}}]"""");
        body.ShouldContain("\"think\":false");
        answer.Text.ShouldBe("""{"a":1}""");
        answer.Events.Single(item => item.Finish is not null).Finish.Reason.ShouldBe(FinishReason.ToolCalls);
    }

    [Theory]
    [InlineData(404, """{"error":"model 'x' not found"}""", FailureClass.ProviderModelNotFound)]
    [InlineData(400, """{"error":"does not support tools"}""", FailureClass.ProviderInvalidRequest)]
    [InlineData(503, """{"error":"server busy, please try again"}""", FailureClass.ProviderOverloaded)]
    [InlineData(500, """{"error":"runner terminated"}""", FailureClass.ProviderError)]
    public async Task Error_of_the_provider_is_classified(int status, string body, FailureClass expected)
    {
        var name = $"ollama-error-{status}";
        var url = fixture.Upstream.Script(name, e => e.ReplyAsync(status, "application/json", body));

        var answer = await Answer.OfAsync(fixture, Start(name, url));

        answer.Summary.Attempts[0].Failure.FailureClass.ShouldBe(expected);
    }

    [Fact]
    public async Task Error_within_a_stream_is_told_after_the_text()
    {
        var url = fixture.Upstream.Script("ollama-in-band", e => StreamAsync(e, Text[0], """{"error":"CUDA error: out of memory"}"""));

        var answer = await Answer.OfAsync(fixture, Start("ollama-in-band", url));

        (answer.Text, answer.Error!.FailureClass, answer.Count(Kind.Finish)).ShouldBe(("Hello", FailureClass.ProviderError, 0));
    }

    [Fact]
    public async Task Model_server_of_ones_own_is_not_connected_to_unless_it_is_allowed()
    {
        var url = fixture.Upstream.Script("ollama-refused", e => StreamAsync(e, Text));
        var start = Start("ollama-refused", url);
        start.Plan.Candidates[0].Deployment.Simulated = false;

        var answer = await Answer.OfAsync(fixture, start);

        answer.Error!.Code.ShouldBe("egress_refused");
        fixture.Upstream.Requests("ollama-refused").ShouldBeEmpty();
    }

    [Fact]
    public async Task Allowed_model_server_is_asked_without_a_key()
    {
        await using var own = new ProvidersFixture();
        own.Settings["Egress:AllowedHosts:0"] = $"127.0.0.1:{own.Upstream.Port}";
        await own.InitializeAsync();
        var url = own.Upstream.Script("ollama-own", e => StreamAsync(e, Text));
        var start = Start("ollama-own", url);
        start.Plan.Candidates[0].Deployment.Simulated = false;

        var answer = await Answer.OfAsync(own, start);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        own.Upstream.Requests("ollama-own").ShouldHaveSingleItem().Headers.Keys.ShouldNotContain("Authorization");
    }

    [Fact]
    public async Task Vendor_that_needs_no_key_counts_as_configured()
    {
        using var call = fixture.Client.WatchVendors(new WatchVendorsRequest(), fixture.Call(cancellationToken: TestContext.Current.CancellationToken));
        await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);

        var ollama = call.ResponseStream.Current.Vendors.Single(vendor => vendor.Provider == "ollama");
        (ollama.Configured, ollama.CredentialSource).ShouldBe((true, ""));
    }

    private static string Line(string message) => "{\"model\":\"qwen3:8b\",\"created_at\":\"2026-09-01T10:00:00Z\",\"message\":{\"role\":\"assistant\"," + message + "},\"done\":false}";

    private static async Task StreamAsync(UpstreamExchange exchange, params string[] lines)
    {
        await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n");
        foreach (var line in lines)
            await exchange.SendAsync(line + "\n");
    }

    private static Start Start(string name, string url, bool stream = true)
    {
        var candidate = Plans.Candidate(name, url);
        candidate.Deployment.Provider = "ollama";
        candidate.Deployment.Model = "qwen3-8b";
        candidate.Deployment.UpstreamModel = "qwen3:8b";
        candidate.Deployment.Protocol = Protocol.Ollama;
        var plan = Plans.Plan(candidate);
        plan.Rules.MaxAttempts = 1;
        return Plans.Start(plan, stream);
    }
}
