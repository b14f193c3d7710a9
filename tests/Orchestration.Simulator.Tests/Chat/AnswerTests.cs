using System.Text.Json;

namespace Orchestration.Simulator.Tests.Chat;

public sealed class AnswerTests(SimulatorHost simulator)
{
    [Theory]
    [InlineData("openai", "gpt-4.1")]
    [InlineData("deepseek", "deepseek-flash")]
    [InlineData("moonshot", "kimi-k2.6")]
    public async Task Same_request_gets_the_same_answer_in_both_forms(string vendor, string model)
    {
        var first = await simulator.AskAsync(vendor, Prompts.Chat(model));
        var second = await simulator.AskAsync(vendor, Prompts.Chat(model));
        var events = Prompts.Events(await simulator.StreamAsync(vendor, Prompts.Chat(model, stream: true)));

        var content = first.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        Prompts.Steady(second.GetRawText()).ShouldBe(Prompts.Steady(first.GetRawText()));
        string.Concat(events.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
            .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""))
            .ShouldBe(content);
    }

    [Fact]
    public async Task Different_models_and_prompts_get_different_answers()
    {
        var texts = new[]
        {
            await simulator.AskAsync("openai", Prompts.Chat("gpt-4.1")),
            await simulator.AskAsync("openai", Prompts.Chat("gpt-4.1-mini")),
            await simulator.AskAsync("openai", Prompts.Chat("gpt-4.1", "Why are queues hard?")),
        }.Select(answer => answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());

        texts.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Chinese_prompt_is_answered_in_Chinese()
    {
        var answer = await simulator.AskAsync("deepseek", Prompts.Chat("deepseek-chat", "流式传输为什么难?"));

        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()
            .ShouldNotBeNull().ShouldStartWith("这是关于“流式传输为什么难?”的模拟回答。");
    }

    [Fact]
    public async Task Quotes_and_line_breaks_of_a_prompt_are_escaped()
    {
        var events = Prompts.Events(await simulator.StreamAsync("openai", Prompts.Chat("gpt-4.1", "a \"b\"\\c\n\td 😀", stream: true)));

        string.Concat(events.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta"))
            .Select(delta => delta.TryGetProperty("content", out var text) ? text.GetString() : ""))
            .ShouldStartWith("This is a simulated answer about \"a \"b\"\\c \td 😀\".");
    }

    [Fact]
    public async Task Json_schema_is_met()
    {
        const string Schema = """
            {"type":"object","required":["name","kind","size","tags","child"],"properties":{
              "name":{"type":"string","minLength":12},"kind":{"enum":["b","a"]},"size":{"type":"integer","minimum":7},
              "tags":{"type":"array","minItems":2,"items":{"type":"string","format":"date"}},
              "child":{"$ref":"#/$defs/node"}},
             "$defs":{"node":{"type":"object","required":["ok"],"properties":{"ok":{"type":"boolean"},"next":{"$ref":"#/$defs/node"}}}}}
            """;

        var answer = await simulator.AskAsync("openai", new
        {
            model = "gpt-4.1",
            messages = new[] { new { role = "user", content = "Fill it in" } },
            response_format = new { type = "json_schema", json_schema = new { name = "x", schema = JsonSerializer.Deserialize<JsonElement>(Schema) } },
        });

        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe(
            """{"name":"simulated...","kind":"b","size":7,"tags":["2026-01-01","2026-01-01"],"child":{"ok":true}}""");
    }

    [Fact]
    public async Task Recursive_schema_ends()
    {
        const string Schema = """{"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"n":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"null"}]}}}}}""";

        var answer = await simulator.AskAsync("openai", new
        {
            model = "gpt-4.1",
            messages = new[] { new { role = "user", content = "Fill it in" } },
            response_format = new { type = "json_schema", json_schema = new { name = "x", schema = JsonSerializer.Deserialize<JsonElement>(Schema) } },
        });

        var text = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldNotBeNull();
        JsonDocument.Parse(text).RootElement.ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task Images_are_counted_and_cost_tokens()
    {
        var answer = await simulator.AskAsync("openai", new
        {
            model = "gpt-4.1-vision-check",
            messages = new[]
            {
                new { role = "user", content = new object[]
                {
                    new { type = "text", text = "What is this?" },
                    new { type = "image_url", image_url = new { url = "data:image/png;base64,AAAA" } },
                } },
            },
        });

        answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBeGreaterThan(85);
        (await simulator.JournalAsync("gpt-4.1-vision-check")).ShouldHaveSingleItem().GetProperty("images").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Shape_fixes_length_and_cached_share()
    {
        await simulator.PutAsync("simulator/shapes/openai/gpt-shaped", new { output_tokens = 300, cached_percent = 50 });

        var answer = await simulator.AskAsync("openai", Prompts.Chat("gpt-shaped", new string('x', 4000)));

        var usage = answer.GetProperty("usage");
        usage.GetProperty("completion_tokens").GetInt32().ShouldBe(300);
        usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32().ShouldBe(448);
    }

    [Fact]
    public async Task Latency_profile_is_kept_when_speed_is_one()
    {
        var start = TimeProvider.System.GetTimestamp();

        await simulator.AskAsync("groq", Prompts.Chat("llama-3.3-70b-versatile"), ("x-simulate-speed", "1"), ("x-simulate-tokens", "20"));

        TimeProvider.System.GetElapsedTime(start).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(70 + 20 * 2);
    }
}
