namespace Orchestration.Simulator.Tests.Chat;

public sealed class OpenAIShapeTests(SimulatorHost simulator)
{
    private static readonly object Short = new
    {
        model = "gpt-4.1",
        messages = new[] { new { role = "user", content = "Say hi" } },
        max_tokens = 3,
    };

    [Fact]
    public async Task Plain_answer_has_the_recorded_shape()
    {
        using var response = await simulator.SendAsync("openai/v1/chat/completions", Short);

        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        response.Headers.GetValues("x-simulated").ShouldBe(["true"]);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Prompts.Steady(text).ShouldBe(
            """{"id":"ID","object":"chat.completion","created":0,"model":"gpt-4.1","choices":[{"index":0,"message":{"role":"assistant","content":"This is a","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":6,"completion_tokens":3,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_simulated"}""");
        text.ShouldMatch("\"id\":\"chatcmpl-[0-9A-Za-z]{29}\"");
    }

    [Fact]
    public async Task Stream_with_usage_has_the_recorded_shape()
    {
        var stream = await simulator.StreamAsync("openai", new
        {
            model = "gpt-4.1",
            messages = new[] { new { role = "user", content = "Say hi" } },
            max_tokens = 2,
            stream = true,
            stream_options = new { include_usage = true, include_obfuscation = false },
        });

        const string Head = """data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"gpt-4.1","service_tier":"default","system_fingerprint":"fp_simulated","choices":[""";
        Prompts.Steady(stream).ShouldBe(
            Head + """{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n" +
            Head + """{"index":0,"delta":{"content":"This"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n" +
            Head + """{"index":0,"delta":{"content":" is"},"logprobs":null,"finish_reason":null}],"usage":null}""" + "\n\n" +
            Head + """{"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}],"usage":null}""" + "\n\n" +
            Head + """],"usage":{"prompt_tokens":6,"completion_tokens":2,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}""" + "\n\n" +
            "data: [DONE]\n\n");
    }

    [Fact]
    public async Task Usage_is_absent_from_a_stream_that_did_not_ask_for_it()
    {
        var stream = await simulator.StreamAsync("openai", Prompts.Chat("gpt-4.1", stream: true));

        stream.ShouldNotContain("\"usage\"");
        stream.ShouldContain("\"obfuscation\":\"");
        stream.ShouldEndWith("data: [DONE]\n\n");
    }

    [Fact]
    public async Task Hidden_reasoning_is_counted_and_not_shown()
    {
        var answer = await simulator.AskAsync("openai", Prompts.Chat("gpt-5-mini"));

        answer.GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32().ShouldBeGreaterThan(0);
        answer.GetProperty("choices")[0].GetProperty("message").TryGetProperty("reasoning_content", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Several_choices_differ_and_all_end()
    {
        var body = new { model = "gpt-4.1", n = 3, stream = true, messages = new[] { new { role = "user", content = "Three, please" } } };

        var events = Prompts.Events(await simulator.StreamAsync("openai", body));

        var finishes = events.Select(chunk => chunk.GetProperty("choices")[0])
            .Where(choice => choice.GetProperty("finish_reason").GetString() == "stop")
            .Select(choice => choice.GetProperty("index").GetInt32());
        finishes.Order().ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Logprobs_are_given_for_every_token_when_asked_for()
    {
        var answer = await simulator.AskAsync("openai", new
        {
            model = "gpt-4.1", logprobs = true, max_tokens = 4, messages = new[] { new { role = "user", content = "Hi" } },
        });

        answer.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task Stop_sequence_ends_the_answer_before_it()
    {
        var answer = await simulator.AskAsync("openai", new
        {
            model = "gpt-4.1", stop = new[] { " simulated" }, messages = new[] { new { role = "user", content = "Hi" } },
        });

        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("This is a");
        answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    [Theory]
    [InlineData("""{"model":"gpt-4.1"}""", "messages")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"gpt-4.1","n":0,"messages":[{"role":"user","content":"x"}]}""", "n")]
    [InlineData("[]", "body")]
    [InlineData("{nonsense", "body")]
    [InlineData("""{"model":"gpt-4.1","messages":[{"role":"user","content":"\ud800"}]}""", "body")]
    public async Task Bad_request_is_refused_by_name(string body, string member)
    {
        using var response = await simulator.Client.PostAsync(
            "openai/v1/chat/completions", new StringContent(body), TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(400);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"'{member}'");
    }
}
