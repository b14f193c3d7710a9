using System.Text.Json;

namespace Orchestration.Simulator.Tests.Chat;

public sealed class ToolCallTests(SimulatorHost simulator)
{
    private static object Ask(string prompt, bool stream, object? choice = null, bool parallel = true, string model = "gpt-4.1") => new
    {
        model,
        stream,
        tool_choice = choice,
        parallel_tool_calls = parallel,
        messages = new[] { new { role = "user", content = prompt } },
        tools = new[]
        {
            Tool("get_weather", """{"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["celsius","kelvin"]},"note":{"type":"string"}},"required":["city","unit"]}"""),
            Tool("get_time", """{"type":"object","properties":{}}"""),
        },
    };

    private static object Tool(string name, string schema) =>
        new { type = "function", function = new { name, parameters = JsonSerializer.Deserialize<JsonElement>(schema) } };

    [Fact]
    public async Task Prompt_that_names_a_tool_calls_it_with_fitting_arguments()
    {
        var answer = await simulator.AskAsync("openai", Ask("Please get the weather", false));

        var choice = answer.GetProperty("choices")[0];
        choice.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        choice.GetProperty("message").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        var call = choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray().ShouldHaveSingleItem();
        call.GetProperty("id").GetString().ShouldNotBeNull().ShouldMatch("^call_[0-9A-Za-z]{24}$");
        call.GetProperty("function").GetRawText().ShouldBe(
            """{"name":"get_weather","arguments":"{\"city\":\"sample 1\",\"unit\":\"celsius\"}"}""");
    }

    [Fact]
    public async Task Ordinary_prompt_calls_no_tool()
    {
        var answer = await simulator.AskAsync("openai", Ask("Why are streams hard?", false));

        answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    [Theory]
    [InlineData("openai", "gpt-4.1")]
    [InlineData("deepseek", "deepseek-chat")]
    [InlineData("zhipu", "glm-4-flash")]
    public async Task Streamed_arguments_join_to_the_plain_ones(string vendor, string model)
    {
        var plain = await simulator.AskAsync(vendor, Ask("Please get the weather", false, model: model));
        var events = Prompts.Events(await simulator.StreamAsync(vendor, Ask("Please get the weather", true, model: model)));

        var calls = events.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("tool_calls", out _))
            .Select(delta => delta.GetProperty("tool_calls")[0].GetProperty("function"))
            .ToList();
        calls.Count.ShouldBe(vendor == "zhipu" ? 1 : 1 + calls.Count(call => !call.TryGetProperty("name", out _)));
        calls[0].GetProperty("name").GetString().ShouldBe("get_weather");
        string.Concat(calls.Select(call => call.GetProperty("arguments").GetString()))
            .ShouldBe(plain.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Several_tools_are_called_in_parallel_unless_forbidden()
    {
        var both = await simulator.AskAsync("openai", Ask("get_weather and get_time", false));
        var one = await simulator.AskAsync("openai", Ask("get_weather and get_time", false, parallel: false));

        both.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls").GetArrayLength().ShouldBe(2);
        one.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Forced_tool_is_called_whatever_the_prompt()
    {
        var choice = new { type = "function", function = new { name = "get_time" } };

        var answer = await simulator.AskAsync("openai", Ask("Hello", false, choice));

        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetRawText()
            .ShouldBe("""{"name":"get_time","arguments":"{}"}""");
    }

    [Fact]
    public async Task Second_parallel_call_of_a_stream_has_the_next_index()
    {
        var events = Prompts.Events(await simulator.StreamAsync("openai", Ask("get_weather and get_time", true)));

        var named = events.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
            .Where(choice => choice.GetProperty("delta").TryGetProperty("tool_calls", out var calls) && calls[0].TryGetProperty("id", out _))
            .Select(choice => choice.GetProperty("delta").GetProperty("tool_calls")[0].GetProperty("index").GetInt32());
        named.ShouldBe([0, 1]);
    }
}
