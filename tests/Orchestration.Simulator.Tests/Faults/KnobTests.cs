using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Orchestration.Simulator.Tests.Faults;

public sealed class KnobTests(SimulatorHost simulator)
{
    private Task<string> StreamAsync(string fault, string vendor = "deepseek") =>
        simulator.StreamAsync(vendor, new { model = $"knob!{fault}", stream = true, max_tokens = 3, messages = new[] { new { role = "user", content = "Turn" } } });

    [Theory]
    [InlineData("cut-before-finish")]
    [InlineData("rst-before-finish")]
    [InlineData("cut-after-finish")]
    [InlineData("rst-after-finish")]
    public async Task Connection_breaks_around_the_finish(string fault)
    {
        using var response = await simulator.SendAsync("deepseek/v1/chat/completions", Prompts.Chat($"knob!{fault}", stream: true));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var read = new MemoryStream();

        await Should.ThrowAsync<Exception>(() => stream.CopyToAsync(read, TestContext.Current.CancellationToken));

        var text = Encoding.UTF8.GetString(read.ToArray());
        text.ShouldNotContain("[DONE]");
        // A reset may overtake what was sent before it.
        if (fault.StartsWith("cut", StringComparison.Ordinal))
            text.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal).ShouldBe(fault == "cut-after-finish");
    }

    [Fact]
    public async Task Body_can_end_in_order_before_the_finish()
    {
        var text = await StreamAsync("end-before-finish");

        text.ShouldEndWith("\n\n");
        text.ShouldNotContain("\"finish_reason\":\"");
        text.ShouldNotContain("[DONE]");
    }

    [Theory]
    [InlineData("zero-usage", "\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0")]
    [InlineData("wrong-usage", "\"completion_tokens\":13")]
    [InlineData("other-model", "\"model\":\"another-model-than-asked\"")]
    public async Task Answer_can_say_the_wrong_thing(string fault, string part) => (await StreamAsync(fault)).ShouldContain(part);

    [Fact]
    public async Task Finish_chunk_can_come_twice() =>
        (await StreamAsync("double-finish")).Split("\"finish_reason\":\"length\"").Length.ShouldBe(3);

    [Fact]
    public async Task Limits_can_be_ignored()
    {
        var text = await StreamAsync("ignore-limits");

        Prompts.Events(text)[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Members_can_be_shuffled()
    {
        var text = await StreamAsync("shuffle");

        Prompts.Events(text).Select(chunk => chunk.EnumerateObject().First().Name).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Calls_can_be_numbered_from_the_last()
    {
        var events = Prompts.Events(await simulator.StreamAsync("openai", new
        {
            model = "gpt-4.1!tool-index", stream = true, messages = new[] { new { role = "user", content = "get_weather and get_time" } },
            tools = new[] { "get_weather", "get_time" }.Select(name => new { type = "function", function = new { name, parameters = new { type = "object" } } }),
        }));

        events.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("tool_calls", out var calls) && calls[0].TryGetProperty("id", out _))
            .Select(delta => delta.GetProperty("tool_calls")[0].GetProperty("index").GetInt32())
            .ShouldBe([1, 0]);
    }

    [Fact]
    public async Task Content_type_can_be_wrong()
    {
        using var stream = await simulator.SendAsync("openai/v1/chat/completions", Prompts.Chat("gpt-4.1!wrong-type", stream: true));
        using var plain = await simulator.SendAsync("openai/v1/chat/completions", Prompts.Chat("gpt-4.1!wrong-type"));

        stream.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        plain.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_can_be_compressed(bool stream)
    {
        using var response = await simulator.SendAsync("deepseek/v1/chat/completions", Prompts.Chat("knob!gzip", stream: stream));
        await using var unzipped = new GZipStream(
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);

        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        response.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        text.ShouldContain("\"usage\":{\"prompt_tokens\"");
    }

    [Fact]
    public async Task Body_can_be_split_where_one_likes_and_drip()
    {
        await simulator.PutAsync("simulator/faults/deepseek/knob-split", new { kind = "split", offsets = new[] { 3, 17, 18, 200 }, delay_ms = 1 });
        object body = new { model = "knob-split", stream = true, max_tokens = 3, messages = new[] { new { role = "user", content = "Turn" } } };

        var split = await simulator.StreamAsync("deepseek", body);

        split.ShouldStartWith("data: {");
        split.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Gateway_page_of_504_is_html()
    {
        using var response = await simulator.SendAsync("openai/v1/chat/completions", Prompts.Chat("gpt-4.1!html504"));

        ((int)response.StatusCode).ShouldBe(504);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Theory]
    [InlineData("groq", true)]
    [InlineData("openai", false)]
    public async Task Journal_tells_what_a_client_left_behind(string vendor, bool wentOn)
    {
        var model = $"left-{vendor}";
        using (var response = await simulator.SendAsync($"{vendor}/v1/chat/completions", Prompts.Chat(model, stream: true),
            ("x-simulate-speed", "20"), ("x-simulate-tokens", "5000")))
        {
            await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await stream.ReadExactlyAsync(new byte[50], TestContext.Current.CancellationToken);
        }

        JsonElement entry;
        do
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            entry = (await simulator.JournalAsync(model)).Single();
        }
        while (entry.GetProperty("outcome").GetString() == "running");
        entry.GetProperty("outcome").GetString().ShouldBe("aborted");
        entry.GetProperty("went_on").GetBoolean().ShouldBe(wentOn);
        entry.GetProperty("left_at_tokens").GetInt32().ShouldBeLessThan(5000);
        entry.GetProperty("generated_tokens").GetInt32().ShouldBe(wentOn ? 5000 : entry.GetProperty("left_at_tokens").GetInt32());
    }
}
