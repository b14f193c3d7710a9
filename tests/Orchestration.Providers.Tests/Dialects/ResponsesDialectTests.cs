using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Dialects;

public sealed class ResponsesDialectTests(ProvidersFixture fixture)
{
    private const string Usage = "\"usage\":{\"input_tokens\":1000,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":500,\"output_tokens_details\":{\"reasoning_tokens\":200},\"total_tokens\":1500}";
    private const string Created = """{"type":"response.created","response":{"id":"resp_1","status":"in_progress","model":"gpt-5","output":[],"usage":null}}""";
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string"}}}""";

    private static readonly string[] Text =
    [
        Created, """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","content":[]}}""",
        Delta("Hello"), Delta(" world"),
        """{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"Hello world"}]}}""",
        End("completed"),
    ];

    [Fact]
    public async Task Plain_answer_is_asked_for_and_metered_exactly()
    {
        var url = fixture.Upstream.Script("responses-plain", e => e.ReplyJsonAsync(Response("completed", """{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"Hello world"}]}""")));

        var answer = await AskAsync("responses-plain", url, stream: false);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        var request = fixture.Upstream.Requests("responses-plain").ShouldHaveSingleItem();
        (request.Path, request.Headers["Authorization"]).ShouldBe(("/responses-plain/v1/responses", "Bearer simulated"));
        request.Body.ShouldBe("""{"model":"gpt-5","input":[{"role":"user","content":"Say hello."}],"max_output_tokens":4096,"include":["reasoning.encrypted_content"],"store":false}""");
        var usage = answer.Summary.Attempts.ShouldHaveSingleItem().Usage;
        (usage.InputTokens, usage.OutputTokens, usage.ReasoningTokens, usage.Source).ShouldBe((1000, 300, 200, UsageSource.Provider));
        (answer.Summary.Settlement, answer.Summary.Cost.Amount).ShouldBe((Settlement.Exact, "0.014"));
    }

    [Fact]
    public async Task Stream_ends_with_the_completed_response()
    {
        var url = fixture.Upstream.Script("responses-stream", e => StreamAsync(e, Text));

        var answer = await AskAsync("responses-stream", url);

        (answer.Text, answer.Error, answer.Count(Kind.Finish)).ShouldBe(("Hello world", null, 1));
        answer.Summary.Settlement.ShouldBe(Settlement.Exact);
        fixture.Upstream.Requests("responses-stream").Single().Body.ShouldEndWith("\"store\":false,\"stream\":true}");
        var started = answer.Events.Single(item => item.ResponseStarted is not null).ResponseStarted;
        (started.ReportedModel, started.ProviderResponseId).ShouldBe(("gpt-5", "resp_1"));
    }

    [Fact]
    public async Task Stream_that_is_cut_never_finishes_a_choice()
    {
        var url = fixture.Upstream.Script("responses-cut", e => StreamAsync(e, Text[..^1]));

        var answer = await AskAsync("responses-cut", url);

        (answer.Text, answer.Error!.FailureClass, answer.Count(Kind.Finish)).ShouldBe(("Hello world", FailureClass.ProviderTruncated, 0));
        answer.Summary.Settlement.ShouldBe(Settlement.Estimated);
    }

    [Fact]
    public async Task Reasoning_and_parallel_tools_come_back_and_are_replayed_to_the_same_model()
    {
        var url = fixture.Upstream.Script("responses-tools", e => StreamAsync(
            e,
            Created,
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
            """{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"Need weather."}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","encrypted_content":"c2Vj","summary":[{"type":"summary_text","text":"Need weather."}]}}""",
            Call(1, "call_a", "{\\\"city\\\":\\\"Paris\\\"}"),
            Call(2, "call_b", "{\\\"city\\\":\\\"Rome\\\"}"),
            End("completed")));
        var start = Start("responses-tools", url);
        start.Request.Tools.Add(new Tool { Name = "get_weather", Parameters = Schema });
        start.Request.Reasoning = new Reasoning { Effort = "low", Summary = "auto" };

        var answer = await Answer.OfAsync(fixture, start);

        answer.Events.Where(item => item.PartStart is not null).Select(item => item.PartStart.Kind).ShouldBe([PartKind.Reasoning, PartKind.ToolCall, PartKind.ToolCall]);
        answer.Text.ShouldBe("""Need weather.{"city":"Paris"}{"city":"Rome"}""");
        answer.Events.Single(item => item.Finish is not null).Finish.Reason.ShouldBe(FinishReason.ToolCalls);
        var signed = answer.Events.Single(item => item.PartDelta is { Signature.Length: > 0 }).PartDelta;

        start.RequestId = Guid.CreateVersion7().ToString("D");
        start.Request.Messages.Add(new Message { Role = Role.Assistant, Extensions = signed.Extensions, Parts = { ToolCall("call_a", "Paris"), ToolCall("call_b", "Rome") } });
        start.Request.Messages.Add(new Message { Role = Role.Tool, Parts = { Result("call_a"), Result("call_b") } });
        await Answer.OfAsync(fixture, start);

        var body = fixture.Upstream.Requests("responses-tools")[^1].Body;
        body.ShouldContain(""""reasoning":{"effort":"low","summary":"auto"}"""");
        body.ShouldContain("""{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":false}""");
        body.ShouldContain("""{"type":"reasoning","summary":[{"type":"summary_text","text":"Need weather."}],"encrypted_content":"c2Vj"},{"type":"function_call","call_id":"call_a","name":"get_weather","arguments":"{\"city\":\"Paris\"}"},""");
        body.ShouldContain("""{"type":"function_call_output","call_id":"call_a","output":"Sunny"},{"type":"function_call_output","call_id":"call_b","output":"Sunny"}""");
    }

    [Fact]
    public async Task Schema_is_sent_and_a_limited_answer_ends_for_its_length()
    {
        var url = fixture.Upstream.Script("responses-schema", e => e.ReplyJsonAsync(
            Response("incomplete", """{"type":"message","content":[{"type":"output_text","text":"{\"city\":"}]}""").Replace("\"incomplete_details\":null", "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}", StringComparison.Ordinal)));
        var start = Start("responses-schema", url, stream: false);
        start.Request.ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, SchemaName = "place", Schema = Schema, Strict = true };

        var answer = await Answer.OfAsync(fixture, start);

        fixture.Upstream.Requests("responses-schema").Single().Body.ShouldContain("\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"place\",\"schema\":" + Schema + ",\"strict\":true}}");
        var finish = answer.Events.Single(item => item.Finish is not null).Finish;
        (finish.Reason, finish.RawReason).ShouldBe((FinishReason.Length, "max_output_tokens"));
        answer.Summary.Settlement.ShouldBe(Settlement.Exact);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""", FailureClass.ProviderAuth)]
    [InlineData(400, """{"error":{"message":"Invalid value.","type":"invalid_request_error","param":"input","code":"invalid_value"}}""", FailureClass.ProviderInvalidRequest)]
    [InlineData(400, """{"error":{"message":"Too long.","type":"invalid_request_error","param":"input","code":"context_length_exceeded"}}""", FailureClass.ContextLength)]
    [InlineData(404, """{"error":{"message":"No such model.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""", FailureClass.ProviderModelNotFound)]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", FailureClass.ProviderBalance)]
    [InlineData(503, """{"error":{"message":"Slow down.","type":"server_error","param":null,"code":"slow_down"}}""", FailureClass.ProviderOverloaded)]
    [InlineData(200, """{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"x"},"output":[]}""", FailureClass.ProviderError)]
    public async Task Error_of_the_provider_is_classified(int status, string body, FailureClass expected)
    {
        var name = $"responses-error-{status}-{expected}".ToLowerInvariant();
        var url = fixture.Upstream.Script(name, e => e.ReplyAsync(status, "application/json", body));

        var answer = await AskAsync(name, url, stream: false);

        var attempt = answer.Summary.Attempts[0];
        (attempt.Outcome, attempt.Failure.FailureClass).ShouldBe((AttemptOutcome.Failed, expected));
        answer.Count(Kind.ResponseStarted).ShouldBe(0);
    }

    [Fact]
    public async Task Response_that_fails_within_its_stream_is_told_after_the_text_and_billed_as_reported()
    {
        var failed = End("failed").Replace("\"error\":null", "\"error\":{\"code\":\"server_error\",\"message\":\"x\"}", StringComparison.Ordinal);
        var url = fixture.Upstream.Script("responses-failed", e => StreamAsync(e, Created, Delta("Hello"), failed));

        var answer = await AskAsync("responses-failed", url);

        (answer.Text, answer.Error!.FailureClass, answer.Count(Kind.Finish)).ShouldBe(("Hello", FailureClass.ProviderError, 0));
        answer.Summary.Attempts[0].Usage.InputTokens.ShouldBe(1000);
    }

    private static string Delta(string text) => $$"""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"{{text}}","logprobs":[]}""";

    private static string Call(int index, string id, string arguments) =>
        $$$"""{"type":"response.output_item.done","output_index":{{{index}}},"item":{"type":"function_call","call_id":"{{{id}}}","name":"get_weather","arguments":"{{{arguments}}}"}}""";

    private static string Response(string status, string output = "") =>
        $$"""{"id":"resp_1","object":"response","status":"{{status}}","error":null,"incomplete_details":null,"model":"gpt-5","output":[{{output}}],{{Usage}}}""";

    private static string End(string status) => $$"""{"type":"response.{{status}}","response":{{Response(status)}}}""";

    private static Part ToolCall(string id, string city) => new() { ToolCall = new ToolCall { Id = id, Name = "get_weather", Arguments = $$"""{"city":"{{city}}"}""" } };

    private static Part Result(string id) => new() { ToolResult = new ToolResult { ToolCallId = id, Parts = { new Part { Text = new Text { Text_ = "Sunny" } } } } };

    private static async Task StreamAsync(UpstreamExchange exchange, params string[] events)
    {
        await exchange.BeginStreamAsync();
        foreach (var data in events)
            await exchange.SendAsync($"event: {data.Split('"')[3]}\ndata: {data}\n\n");
    }

    private static Start Start(string name, string url, bool stream = true)
    {
        var candidate = Plans.Candidate(name, url);
        candidate.Deployment.Provider = "openai";
        candidate.Deployment.Model = "gpt-5";
        candidate.Deployment.UpstreamModel = "gpt-5";
        candidate.Deployment.Protocol = Protocol.OpenaiResponses;
        var plan = Plans.Plan(candidate);
        plan.Rules.MaxAttempts = 1;
        return Plans.Start(plan, stream);
    }

    private Task<Answer> AskAsync(string name, string url, bool stream = true) => Answer.OfAsync(fixture, Start(name, url, stream));
}
