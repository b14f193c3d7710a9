using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Dialects;

public sealed class GeminiDialectTests(ProvidersFixture fixture)
{
    private const string Usage = "\"usageMetadata\":{\"promptTokenCount\":1000,\"candidatesTokenCount\":300,\"thoughtsTokenCount\":200,\"totalTokenCount\":1500},\"modelVersion\":\"gemini-2.5-pro\",\"responseId\":\"r-1\"";

    private static readonly string[] Text = [Chunk("""{"text":"Hello"}"""), Chunk("""{"text":" world"}"""), Chunk("""{"text":""}""", "STOP")];

    [Fact]
    public async Task Plain_answer_is_asked_for_at_the_models_own_address_and_metered_exactly()
    {
        var url = fixture.Upstream.Script("gemini-plain", e => e.ReplyJsonAsync(Chunk("""{"text":"Hello world"}""", "STOP")));

        var answer = await AskAsync("gemini-plain", url, stream: false);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        var request = fixture.Upstream.Requests("gemini-plain").ShouldHaveSingleItem();
        request.Path.ShouldBe("/gemini-plain/v1/models/gemini-2.5-pro:generateContent");
        request.Headers["x-goog-api-key"].ShouldBe("simulated");
        request.Headers.Keys.ShouldNotContain("Authorization");
        request.Body.ShouldBe("""{"contents":[{"role":"user","parts":[{"text":"Say hello."}]}],"generationConfig":{"maxOutputTokens":4096}}""");
        var usage = answer.Summary.Attempts.ShouldHaveSingleItem().Usage;
        (usage.InputTokens, usage.OutputTokens, usage.ReasoningTokens, usage.Source).ShouldBe((1000, 300, 200, UsageSource.Provider));
        (answer.Summary.Settlement, answer.Summary.Cost.Amount).ShouldBe((Settlement.Exact, "0.014"));
    }

    [Fact]
    public async Task Openai_layer_of_the_vendor_is_shown_the_key_in_its_own_way()
    {
        var url = fixture.Upstream.Script("gemini-layer", OpenAIWire.AnswerAsync);
        var start = Start("gemini-layer", url);
        start.Plan.Candidates[0].Deployment.Protocol = Protocol.OpenaiChat;

        var answer = await Answer.OfAsync(fixture, start);

        answer.Text.ShouldBe("Hello world");
        fixture.Upstream.Requests("gemini-layer").ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer simulated");
    }

    [Fact]
    public async Task Stream_ends_properly_with_the_connection_after_its_finish_reason()
    {
        var url = fixture.Upstream.Script("gemini-stream", e => StreamAsync(e, Text));

        var answer = await AskAsync("gemini-stream", url);

        (answer.Text, answer.Error, answer.Count(Kind.Finish)).ShouldBe(("Hello world", null, 1));
        answer.Summary.Settlement.ShouldBe(Settlement.Exact);
        fixture.Upstream.Requests("gemini-stream").Single().Path.ShouldBe("/gemini-stream/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
        var started = answer.Events.Single(item => item.ResponseStarted is not null).ResponseStarted;
        (started.ReportedModel, started.ProviderResponseId).ShouldBe(("gemini-2.5-pro", "r-1"));
    }

    [Fact]
    public async Task Stream_that_is_cut_never_finishes_a_choice()
    {
        var url = fixture.Upstream.Script("gemini-cut", e => StreamAsync(e, Text[..2]));

        var answer = await AskAsync("gemini-cut", url);

        (answer.Text, answer.Error!.FailureClass, answer.Count(Kind.Finish)).ShouldBe(("Hello world", FailureClass.ProviderTruncated, 0));
        answer.Summary.Settlement.ShouldBe(Settlement.Estimated);
    }

    [Fact]
    public async Task Tools_and_thinking_reach_the_model_and_come_back()
    {
        var url = fixture.Upstream.Script("gemini-tools", e => StreamAsync(
            e,
            Chunk("""{"text":"Need weather.","thought":true}"""),
            Chunk("""{"functionCall":{"name":"get_weather","args":{"city":"Paris"}},"thoughtSignature":"c2ln"}"""),
            Chunk("""{"text":""}""", "STOP")));
        var start = Start("gemini-tools", url);
        start.Request.Tools.Add(new Tool { Name = "get_weather", Parameters = """{"type":"object","properties":{"city":{"type":"string"}}}""" });
        start.Request.Reasoning = new Reasoning { Effort = "low" };

        var answer = await Answer.OfAsync(fixture, start);

        var body = fixture.Upstream.Requests("gemini-tools").Single().Body;
        body.ShouldContain(""""functionDeclarations":[{"name":"get_weather","parametersJsonSchema":{"type":"object","properties":{"city":{"type":"string"}}}}]"""");
        body.ShouldContain(""""thinkingConfig":{"thinkingBudget":1024,"includeThoughts":true}"""");
        answer.Events.Where(item => item.PartStart is not null).Select(item => item.PartStart.Kind).ShouldBe([PartKind.Reasoning, PartKind.ToolCall]);
        var call = answer.Events.Single(item => item.PartStart?.ToolCall is not null).PartStart.ToolCall;
        (call.Name, call.Signature, call.Id).ShouldBe(("get_weather", "c2ln", "call_r-1_0_0"));
        answer.Text.ShouldBe("""Need weather.{"city":"Paris"}""");
        answer.Events.Single(item => item.Finish is not null).Finish.Reason.ShouldBe(FinishReason.ToolCalls);
    }

    [Theory]
    [InlineData(400, """{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}""", FailureClass.ProviderAuth)]
    [InlineData(400, """{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}""", FailureClass.ProviderPermission)]
    [InlineData(400, """{"error":{"code":400,"message":"Invalid value.","status":"INVALID_ARGUMENT"}}""", FailureClass.ProviderInvalidRequest)]
    [InlineData(404, """{"error":{"code":404,"message":"no","status":"NOT_FOUND"}}""", FailureClass.ProviderModelNotFound)]
    [InlineData(429, """{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"RequestsPerDay"}]}]}}""", FailureClass.ProviderBalance)]
    [InlineData(503, """{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}""", FailureClass.ProviderOverloaded)]
    [InlineData(200, """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9}}""", FailureClass.ContentFilter)]
    [InlineData(200, """[{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}]""", FailureClass.ProviderRateLimited)]
    public async Task Error_of_the_provider_is_classified(int status, string body, FailureClass expected)
    {
        var name = $"gemini-error-{status}-{expected}".ToLowerInvariant();
        var url = fixture.Upstream.Script(name, e => e.ReplyAsync(status, "application/json; charset=UTF-8", body));

        var answer = await AskAsync(name, url);

        var attempt = answer.Summary.Attempts[0];
        (attempt.Outcome, attempt.Failure.FailureClass).ShouldBe((AttemptOutcome.Failed, expected));
        answer.Count(Kind.ResponseStarted).ShouldBe(0);
    }

    [Fact]
    public async Task Error_within_a_stream_is_told_after_the_text()
    {
        var url = fixture.Upstream.Script("gemini-in-band", e => StreamAsync(e, Text[0], """{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}"""));

        var answer = await AskAsync("gemini-in-band", url);

        (answer.Text, answer.Error!.FailureClass, answer.Count(Kind.Finish)).ShouldBe(("Hello", FailureClass.ProviderOverloaded, 0));
    }

    private static string Chunk(string part, string finish = "") =>
        "{\"candidates\":[{\"content\":{\"parts\":[" + part + "],\"role\":\"model\"}" + (finish.Length > 0 ? $",\"finishReason\":\"{finish}\"" : "") + ",\"index\":0}]," + Usage + "}";

    private static async Task StreamAsync(UpstreamExchange exchange, params string[] chunks)
    {
        await exchange.BeginStreamAsync();
        foreach (var chunk in chunks)
            await exchange.SendAsync($"data: {chunk}\r\n\r\n");
    }

    private static Start Start(string name, string url, bool stream = true)
    {
        var candidate = Plans.Candidate(name, url);
        candidate.Deployment.Provider = "google";
        candidate.Deployment.Model = "gemini-2.5-pro";
        candidate.Deployment.UpstreamModel = "gemini-2.5-pro";
        candidate.Deployment.Protocol = Protocol.Gemini;
        var plan = Plans.Plan(candidate);
        plan.Rules.MaxAttempts = 1;
        return Plans.Start(plan, stream);
    }

    private Task<Answer> AskAsync(string name, string url, bool stream = true) => Answer.OfAsync(fixture, Start(name, url, stream));
}
