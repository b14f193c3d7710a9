using System.Text.Json;
using Orchestration.Simulator.Tests.Dialects;

namespace Orchestration.Simulator.Tests.Anthropic;

public sealed class AnthropicRulesTests(SimulatorHost simulator)
{
    private const string Path = "anthropic/v1/messages";
    private const string Call = """{"role":"user","content":"Go"},{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{}}]}""";
    private const string Result = """{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"42"}]}""";

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""", "max_tokens: Field required")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":"x"}]}""", "model: Field required")]
    [InlineData("""{"model":"m","max_tokens":5,"messages":[]}""", "at least one message")]
    [InlineData("""{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":"x"}]}""", "first message must use the")]
    [InlineData("""{"model":"m","max_tokens":5,"messages":[{"role":"system","content":"x"}]}""", "Unexpected role")]
    [InlineData("""{"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}""", "must be non-empty")]
    [InlineData("""{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"  "}]}""", "non-empty content")]
    [InlineData("""{"model":"m","max_tokens":5,"temperature":1.5,"messages":[{"role":"user","content":"x"}]}""", "temperature: range")]
    [InlineData("""{"model":"claude-opus-4-8","max_tokens":5,"temperature":0.5,"messages":[{"role":"user","content":"x"}]}""", "`temperature` may not be set")]
    [InlineData("""{"model":"claude-opus-4-8","max_tokens":5000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"x"}]}""", "is not supported for this model")]
    [InlineData("""{"model":"m","max_tokens":1500,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"x"}]}""", "must be greater than `thinking.budget_tokens`")]
    [InlineData("""{"model":"m","max_tokens":5,"tools":[{"name":"a.b","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"x"}]}""", "String should match pattern")]
    [InlineData("""{"model":"m","max_tokens":5,"tools":[{"name":"f"}],"messages":[{"role":"user","content":"x"}]}""", "input_schema: Field required")]
    [InlineData("""{"model":"m","max_tokens":5,"stop_sequences":[" "],"messages":[{"role":"user","content":"x"}]}""", "non-whitespace")]
    public async Task Bad_request_is_refused_in_the_words_of_the_API(string body, string message)
    {
        var (status, text) = await simulator.PostAsync(Path, body);

        status.ShouldBe(400);
        var error = JsonSerializer.Deserialize<JsonElement>(text);
        error.Str("type").ShouldBe("error");
        error.Str("error", "type").ShouldBe("invalid_request_error");
        error.Str("error", "message")!.ShouldContain(message);
        error.Str("request_id")!.ShouldStartWith("req_01");
    }

    [Fact]
    public async Task Call_without_result_and_result_without_call_are_refused()
    {
        (await RefusalAsync(Call)).ShouldStartWith("messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1");
        (await RefusalAsync("""{"role":"user","content":"Go"},{"role":"assistant","content":"No"},""" + Result))
            .ShouldContain("unexpected `tool_use_id` found in `tool_result` blocks: toolu_1");
        (await simulator.PostAsync(Path, Body($"{Call},{Result}"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Thinking_is_taken_back_with_its_own_signature_only()
    {
        var answer = await simulator.CallAsync(Path, Body("""{"role":"user","content":"Go"}""", Thinking));
        var block = answer.GetProperty("content")[0];

        (await ReplayAsync(block.GetRawText())).Status.ShouldBe(200);
        (await ReplayAsync($$"""{"type":"thinking","thinking":"{{block.Str("thinking")}}"}""")).Text.ShouldContain("thinking.signature: Field required");
        (await ReplayAsync($$"""{"type":"thinking","thinking":"changed","signature":"{{block.Str("signature")}}"}""")).Text.ShouldContain("Invalid `signature`");
        (await ReplayAsync("""{"type":"thinking","thinking":"foreign","signature":"c2lnbmF0dXJl"}""")).Text.ShouldContain("Invalid `signature`");
    }

    [Fact]
    public async Task Thinking_model_wants_its_thinking_in_front_of_the_calls()
    {
        var (status, text) = await simulator.PostAsync(Path, Body($"{Call},{Result}", Thinking));

        status.ShouldBe(400);
        text.ShouldContain("Expected `thinking` or `redacted_thinking`, but found `tool_use`");
    }

    [Fact]
    public async Task Key_and_version_are_wanted()
    {
        var body = new { model = "claude-sonnet-4-5", max_tokens = 5, messages = new[] { new { role = "user", content = "x" } } };
        using var keyless = await simulator.SendAsync(Path, body, ("anthropic-version", "2023-06-01"));
        using var versionless = await simulator.SendAsync(Path, body, ("x-api-key", "any"));

        ((int)keyless.StatusCode).ShouldBe(401);
        (await keyless.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("authentication_error");
        ((int)versionless.StatusCode).ShouldBe(400);
    }

    private const string Thinking = ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}";

    private static string Body(string messages, string more = "") =>
        $$"""{"model":"claude-sonnet-4-5","max_tokens":2000,"messages":[{{messages}}]{{more}}}""";

    private Task<(int Status, string Text)> ReplayAsync(string block) => simulator.PostAsync(Path, Body(
        $$"""{"role":"user","content":"Go"},{"role":"assistant","content":[{{block}},{"type":"text","text":"Well."}]},{"role":"user","content":"On"}"""));

    private async Task<string> RefusalAsync(string messages)
    {
        var (status, text) = await simulator.PostAsync(Path, Body(messages));
        status.ShouldBe(400);
        return JsonSerializer.Deserialize<JsonElement>(text).Str("error", "message")!;
    }
}
