using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestration.Simulator.Tests.Vendors;

public sealed class RequestRuleTests(SimulatorHost simulator)
{
    private async Task<(int Status, JsonElement Body)> SendAsync(string vendor, string model, string members)
    {
        var body = JsonNode.Parse($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Say json"}]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
            body[name] = value?.DeepClone();
        using var response = await simulator.SendAsync($"{vendor}/v1/chat/completions", body, ("Authorization", "Bearer sk-right"));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') && !text.Contains("data:", StringComparison.Ordinal) ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    [Theory]
    [InlineData("openai", "gpt-5", """{"max_tokens":5}""", 400)]
    [InlineData("openai", "gpt-5", """{"max_completion_tokens":5}""", 200)]
    [InlineData("openai", "gpt-5", """{"temperature":0.5}""", 400)]
    [InlineData("openai", "gpt-5", """{"temperature":1}""", 200)]
    [InlineData("openai", "gpt-5", """{"stop":["x"]}""", 400)]
    [InlineData("openai", "gpt-4.1", """{"temperature":2.5}""", 400)]
    [InlineData("openai", "gpt-4.1", """{"stop":["1","2","3","4","5"]}""", 400)]
    [InlineData("openai", "gpt-4.1", """{"messages":[{"role":"developer","content":"x"},{"role":"user","content":"y"}]}""", 200)]
    [InlineData("deepseek", "deepseek-flash", """{"temperature":2.5}""", 422)]
    [InlineData("deepseek", "deepseek-flash", """{"response_format":{"type":"json_schema","json_schema":{"name":"x"}}}""", 400)]
    [InlineData("deepseek", "deepseek-flash", """{"messages":[{"role":"developer","content":"x"}]}""", 422)]
    [InlineData("deepseek", "deepseek-flash", """{"tool_choice":"required"}""", 400)]
    [InlineData("deepseek", "deepseek-flash", """{"tool_choice":"required","thinking":{"type":"disabled"}}""", 200)]
    [InlineData("moonshot", "kimi-k2.6", """{"temperature":0.6}""", 400)]
    [InlineData("moonshot", "kimi-k2.6", """{"temperature":1}""", 200)]
    [InlineData("moonshot", "kimi-k2.6", """{"n":2}""", 400)]
    [InlineData("moonshot", "kimi-k2.6", """{"stop":["十个汉字以上就太长了吧"]}""", 400)]
    [InlineData("moonshot", "kimi-k2.7-code", """{"thinking":{"type":"disabled"}}""", 400)]
    [InlineData("moonshot", "moonshot-v1-32k", """{"n":2,"temperature":0}""", 400)]
    [InlineData("zhipu", "glm-4-flash", """{"temperature":0}""", 400)]
    [InlineData("zhipu", "glm-4.6", """{"temperature":0}""", 200)]
    [InlineData("zhipu", "glm-4.6", """{"stop":["a","b"]}""", 400)]
    [InlineData("zhipu", "glm-5.3", """{"thinking":{"type":"disabled"}}""", 400)]
    [InlineData("minimax", "MiniMax-M2", """{"temperature":0}""", 400)]
    [InlineData("minimax", "MiniMax-M2", """{"n":2}""", 400)]
    [InlineData("baidu", "ernie-5.1", """{"messages":[{"role":"user","content":" "}]}""", 400)]
    [InlineData("alibaba", "qwen-plus", """{"enable_thinking":true}""", 400)]
    [InlineData("alibaba", "qwen-plus", """{"enable_thinking":true,"stream":true}""", 200)]
    [InlineData("alibaba", "qwen-plus", """{"temperature":2}""", 400)]
    [InlineData("alibaba", "qwen-plus", """{"tool_choice":"required"}""", 400)]
    [InlineData("volcengine", "doubao-1-5-pro-32k-250115", """{"stop":["1","2","3","4","5"]}""", 400)]
    [InlineData("mistral", "mistral-large-2512", """{"seed":1}""", 422)]
    [InlineData("mistral", "mistral-large-2512", """{"random_seed":1}""", 200)]
    [InlineData("mistral", "mistral-large-2512", """{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}""", 422)]
    [InlineData("xai", "grok-4.5", """{"stop":["x"]}""", 400)]
    [InlineData("groq", "llama-3.3-70b-versatile", """{"logprobs":true}""", 400)]
    [InlineData("groq", "llama-3.3-70b-versatile", """{"messages":[{"role":"user","name":"ann","content":"x"}]}""", 400)]
    [InlineData("iflytek", "lite", """{"max_tokens":10000}""", 400)]
    [InlineData("iflytek", "4.0Ultra", """{"max_tokens":10000}""", 200)]
    [InlineData("siliconflow", "Qwen/Qwen3-8B", """{"thinking_budget":64}""", 400)]
    public async Task Request_is_judged_as_by_the_vendor(string vendor, string model, string members, int status) =>
        (await SendAsync(vendor, model, members)).Status.ShouldBe(status);

    [Theory]
    [InlineData("deepseek", "deepseek-flash", "The reasoning_content in the thinking mode must be passed back to the API.")]
    [InlineData("moonshot", "kimi-k2.6", "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2")]
    public async Task Tool_calls_must_come_back_with_their_reasoning(string vendor, string model, string message)
    {
        const string Without = """
            {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"c","content":"1"}]}
            """;

        var (status, body) = await SendAsync(vendor, model, Without);
        var (with, _) = await SendAsync(vendor, model, Without.Replace("\"content\":\"\",", "\"content\":\"\",\"reasoning_content\":\"I see\",", StringComparison.Ordinal));

        status.ShouldBe(400);
        body.GetProperty("error").GetProperty("message").GetString().ShouldBe(message);
        with.ShouldBe(200);
    }

    [Fact]
    public async Task Refusal_names_the_member_in_the_vendors_words_and_in_the_journal()
    {
        var (_, body) = await SendAsync("openai", "gpt-5-mini", """{"max_tokens":5}""");

        body.GetProperty("error").GetRawText().ShouldBe(
            """{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}""");
        (await simulator.JournalAsync("gpt-5-mini")).ShouldContain(entry =>
            entry.GetProperty("status").GetInt32() == 400 && entry.GetProperty("refused").GetString() == "max_tokens");
    }
}
