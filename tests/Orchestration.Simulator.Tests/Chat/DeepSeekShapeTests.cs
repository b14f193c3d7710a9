namespace Orchestration.Simulator.Tests.Chat;

public sealed class DeepSeekShapeTests(SimulatorHost simulator)
{
    [Fact]
    public async Task Plain_answer_has_the_recorded_shape()
    {
        using var response = await simulator.SendAsync("deepseek/chat/completions", new
        {
            model = "deepseek-chat", max_tokens = 3, messages = new[] { new { role = "user", content = "Say hi" } },
        });

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Prompts.Steady(text).ShouldBe(
            """{"id":"ID","object":"chat.completion","created":0,"model":"deepseek-chat","choices":[{"index":0,"message":{"role":"assistant","content":"This is a"},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":6,"completion_tokens":3,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":0},"prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":6},"system_fingerprint":"fp_simulated"}""");
    }

    [Fact]
    public async Task Stream_carries_usage_on_the_finish_chunk_without_being_asked()
    {
        var stream = await simulator.StreamAsync("deepseek", new
        {
            model = "deepseek-chat", max_tokens = 2, stream = true, messages = new[] { new { role = "user", content = "Say hi" } },
        });

        const string Head = """data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"deepseek-chat","system_fingerprint":"fp_simulated","choices":[""";
        Prompts.Steady(stream).ShouldBe(
            Head + """{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n" +
            Head + """{"index":0,"delta":{"content":"This"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n" +
            Head + """{"index":0,"delta":{"content":" is"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n" +
            Head + """{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":6,"completion_tokens":2,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0},"prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":6}}""" + "\n\n" +
            "data: [DONE]\n\n");
    }

    [Fact]
    public async Task Thinking_stream_alternates_null_members_as_recorded()
    {
        var stream = await simulator.StreamAsync("deepseek", Prompts.Chat("deepseek-flash", stream: true));

        var deltas = Prompts.Events(stream).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetRawText()).ToList();
        deltas[0].ShouldBe("""{"role":"assistant","content":null,"reasoning_content":""}""");
        deltas[1].ShouldStartWith("""{"content":null,"reasoning_content":""");
        deltas[^2].ShouldEndWith(""","reasoning_content":null}""");
        deltas[^1].ShouldBe("""{"content":"","reasoning_content":null}""");
    }

    [Fact]
    public async Task Thinking_can_be_switched_off()
    {
        var answer = await simulator.AskAsync("deepseek", new
        {
            model = "deepseek-flash", thinking = new { type = "disabled" }, messages = new[] { new { role = "user", content = "Hi" } },
        });

        answer.GetProperty("choices")[0].GetProperty("message").TryGetProperty("reasoning_content", out _).ShouldBeFalse();
        answer.GetProperty("usage").TryGetProperty("completion_tokens_details", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Queued_stream_is_kept_alive_by_comments()
    {
        var stream = await simulator.StreamAsync("deepseek", Prompts.Chat("deepseek-chat!queue=700", stream: true));

        stream.ShouldStartWith(": keep-alive\n\n");
        stream.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Queued_plain_answer_begins_with_empty_lines()
    {
        using var response = await simulator.SendAsync("deepseek/v1/chat/completions", Prompts.Chat("deepseek-chat!queue=700"));

        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        text.ShouldStartWith("\n");
        text.TrimStart('\n').ShouldStartWith("{\"id\":");
    }
}
