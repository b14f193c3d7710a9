using System.Text.Json;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Tests.Vendors;

public sealed class WireShapeTests(SimulatorHost simulator)
{
    private static object Short(string model, bool stream = true, int tokens = 2) => new
    {
        model, stream, max_tokens = tokens, thinking = new { type = "disabled" }, messages = new[] { new { role = "user", content = "Say hi" } },
        stream_options = new { include_usage = true },
    };

    private static object Bare(string model) => new
    {
        model, stream = true, messages = new[] { new { role = "user", content = "Say hi" } },
    };

    private async Task<List<string>> ChunksAsync(string vendor, object body, params (string, string)[] headers)
    {
        var stream = await simulator.StreamAsync(vendor, body, headers);
        return [.. Prompts.Steady(stream).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    [Fact]
    public async Task Moonshot_puts_usage_on_the_finish_and_repeats_it_when_asked()
    {
        var chunks = await ChunksAsync("moonshot", Short("kimi-k2.6"));

        const string Head = """data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"kimi-k2.6","choices":[""";
        const string Usage = """ "usage":{"prompt_tokens":6,"completion_tokens":2,"total_tokens":8,"cached_tokens":0}}""";
        chunks.ShouldBe([
            Head + """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
            Head + """{"index":0,"delta":{"content":"This"},"finish_reason":null}]}""",
            Head + """{"index":0,"delta":{"content":" is"},"finish_reason":null}]}""",
            Head + """{"index":0,"delta":{},"finish_reason":"length"}],""" + Usage.TrimStart(),
            Head + "]," + Usage.TrimStart(),
            "data: [DONE]",
        ]);
    }

    [Fact]
    public async Task Older_moonshot_puts_usage_inside_the_choice()
    {
        var chunks = await ChunksAsync("moonshot", new { model = "moonshot-v1-8k", stream = true, max_tokens = 2, messages = new[] { new { role = "user", content = "Say hi" } } });

        chunks[^2].ShouldBe("""data: {"id":"ID","object":"chat.completion.chunk","created":0,"model":"moonshot-v1-8k","choices":[{"index":0,"delta":{},"finish_reason":"length","usage":{"prompt_tokens":6,"completion_tokens":2,"total_tokens":8}}]}""");
    }

    [Fact]
    public async Task Zhipu_repeats_the_role_and_names_the_finish_reason_only_at_the_end()
    {
        var stream = await simulator.StreamAsync("zhipu", Short("glm-4.6"));

        var choices = Prompts.Events(stream).Select(chunk => chunk.GetProperty("choices")[0].GetRawText()).ToList();
        choices.ShouldBe([
            """{"index":0,"delta":{"role":"assistant","content":"This"}}""",
            """{"index":0,"delta":{"role":"assistant","content":" is"}}""",
            """{"index":0,"finish_reason":"length","delta":{"role":"assistant","content":""}}""",
        ]);
        Prompts.Events(stream)[^1].GetProperty("usage").GetRawText().ShouldBe(
            """{"prompt_tokens":6,"completion_tokens":2,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0}}""");
        stream.ShouldMatch("\"id\":\"[0-9]{14}[0-9a-f]{18}\"");
    }

    [Fact]
    public async Task Zhipu_orders_whole_answers_by_the_alphabet()
    {
        var answer = await simulator.AskAsync("zhipu", Prompts.Chat("glm-4.6"));

        var names = answer.EnumerateObject().Select(member => member.Name).ToList();
        names.ShouldBe(["choices", "created", "id", "model", "object", "request_id", "usage"]);
        names.ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Minimax_ends_with_a_null_delta_and_the_whole_answer()
    {
        var chunks = Prompts.Events(await simulator.StreamAsync("minimax", new
        {
            model = "MiniMax-M2", stream = true, reasoning_split = true, messages = new[] { new { role = "user", content = "Say hi" } },
        }));

        chunks[0].GetProperty("choices")[0].GetProperty("delta").GetRawText().ShouldStartWith(
            """{"content":"","role":"assistant","name":"MiniMax AI","audio_content":"","reasoning_content":""");
        chunks[..^1].ShouldAllBe(chunk => chunk.GetProperty("usage").GetRawText() == """{"total_tokens":0,"total_characters":0}""");
        chunks.Select(chunk => chunk.GetProperty("choices")[0]).ShouldContain(choice => choice.GetRawText().Contains("""{"role":"","reasoning_content":""}"""));
        chunks[^2].GetProperty("choices")[0].GetRawText().ShouldBe("""{"finish_reason":"stop","index":0,"delta":null}""");
        var last = chunks[^1];
        last.GetProperty("object").GetString().ShouldBe("chat.completion");
        last.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(6);
        last.GetProperty("base_resp").GetRawText().ShouldBe("""{"status_code":0,"status_msg":""}""");
    }

    [Fact]
    public async Task Minimax_thinks_in_the_text_unless_told_to_split()
    {
        var plain = await simulator.AskAsync("minimax", Prompts.Chat("MiniMax-M2"));
        var stream = Prompts.Events(await simulator.StreamAsync("minimax", Prompts.Chat("MiniMax-M2", stream: true)));

        var content = plain.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldNotBeNull();
        content.ShouldStartWith("<think>\n");
        content.ShouldContain("\n</think>\n\n");
        string.Concat(stream[..^2].Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString())).ShouldBe(content);
    }

    [Fact]
    public async Task Minimax_may_leave_the_end_marker_out()
    {
        var stream = await simulator.StreamAsync("minimax", Short("MiniMax-M2"), ("x-simulate-variant", "no_done"));

        stream.ShouldNotContain("[DONE]");
        stream.ShouldContain("\"object\":\"chat.completion\"");
    }

    [Fact]
    public async Task Baidu_flags_every_choice_and_shares_role_and_first_text()
    {
        var chunks = Prompts.Events(await simulator.StreamAsync("baidu", Short("ernie-4.5-turbo-128k", tokens: 1)));

        chunks.Select(chunk => chunk.GetProperty("choices")[0].GetRawText()).ShouldBe([
            """{"index":0,"delta":{"content":"Th","role":"assistant"},"flag":0}""",
            """{"index":0,"delta":{"content":""},"finish_reason":"length","flag":0}""",
        ]);
        chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task Qwen_keeps_no_order_of_members_and_trails_an_empty_piece_after_a_call()
    {
        var stream = await simulator.StreamAsync("alibaba", Tools("qwen3-max"));

        var chunks = Prompts.Events(stream);
        chunks.Select(chunk => string.Join(',', chunk.EnumerateObject().Select(member => member.Name))).Distinct().Count().ShouldBeGreaterThan(1);
        chunks[^2].GetProperty("choices")[0].TryGetProperty("finish_reason", out _).ShouldBeFalse();
        var trailing = chunks[^2].GetProperty("choices")[0].GetProperty("delta").GetProperty("tool_calls")[0];
        trailing.GetProperty("id").GetString().ShouldBe("");
        trailing.GetProperty("function").GetRawText().ShouldBe("""{"arguments":""}""");
        chunks[^1].GetProperty("choices")[0].GetProperty("delta").GetRawText().ShouldBe("{}");
        chunks.ShouldAllBe(chunk => chunk.GetProperty("usage").ValueKind == JsonValueKind.Null);
    }

    private static object Tools(string model) => new
    {
        model, stream = true, messages = new[] { new { role = "user", content = "get_weather and get_time at the same time" } },
        tools = new[] { "get_weather", "get_time" }.Select(name => new { type = "function", function = new { name, parameters = new { type = "object" } } }),
    };

    [Theory]
    [InlineData("zhipu", "glm-4-flash")]
    [InlineData("mistral", "mistral-large-2512")]
    [InlineData("volcengine", "doubao-1-5-pro-32k-250115")]
    public async Task Whole_calls_come_with_the_finish(string vendor, string model)
    {
        var chunks = Prompts.Events(await simulator.StreamAsync(vendor, Tools(model)));

        var choice = chunks.Single(chunk => chunk.GetProperty("choices").GetArrayLength() > 0
            && chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("tool_calls", out _)).GetProperty("choices")[0];
        choice.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        var calls = choice.GetProperty("delta").GetProperty("tool_calls");
        calls.GetArrayLength().ShouldBe(2);
        calls[0].TryGetProperty("index", out _).ShouldBe(vendor != "mistral");
        calls[0].GetProperty("id").GetString()!.Length.ShouldBe(vendor == "mistral" ? 9 : calls[1].GetProperty("id").GetString()!.Length);
    }

    [Fact]
    public async Task Zhipu_streams_arguments_when_asked_to()
    {
        var body = JsonSerializer.SerializeToNode(Tools("glm-4.6"))!.AsObject();
        body["tool_stream"] = true;

        var stream = await simulator.StreamAsync("zhipu", body);

        stream.Split("\"arguments\":\"").Length.ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task Spark_writes_no_space_and_no_finish_reason()
    {
        var stream = await simulator.StreamAsync("iflytek", Short("4.0Ultra"));

        stream.ShouldStartWith("data:{\"code\":0,\"message\":\"Success\",\"sid\":\"cha");
        stream.ShouldEndWith("data:[DONE]\n\n");
        stream.ShouldNotContain("finish_reason");
        Prompts.Events(stream)[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Azure_begins_with_the_filter_results_of_the_prompt()
    {
        var chunks = Prompts.Events(await simulator.StreamAsync("azure", Short2("gpt-4.1")));

        chunks[0].GetProperty("choices").GetArrayLength().ShouldBe(0);
        chunks[0].GetProperty("id").GetString().ShouldBe("");
        chunks[0].TryGetProperty("prompt_filter_results", out _).ShouldBeTrue();
        chunks[1].GetProperty("choices")[0].GetProperty("content_filter_results").GetRawText().ShouldBe("{}");
        chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Azure_takes_the_model_from_the_address()
    {
        using var response = await simulator.SendAsync(
            "azure/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21", new { messages = new[] { new { role = "user", content = "x" } } });

        ((int)response.StatusCode).ShouldBe(200);
    }

    private static object Short2(string model) => new
    {
        model, stream = true, max_tokens = 2, messages = new[] { new { role = "user", content = "Say hi" } }, stream_options = new { include_usage = true },
    };

    [Fact]
    public async Task Reasoning_of_xai_is_outside_the_completion()
    {
        var usage = (await simulator.AskAsync("xai", Prompts.Chat("grok-4.5"))).GetProperty("usage");

        var reasoning = usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32();
        reasoning.ShouldBeGreaterThan(0);
        usage.GetProperty("total_tokens").GetInt32().ShouldBe(
            usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32() + reasoning);
    }

    [Fact]
    public async Task Groq_says_usage_twice_and_its_own_id_at_both_ends()
    {
        var chunks = Prompts.Events(await simulator.StreamAsync("groq", Bare("llama-3.3-70b-versatile")));

        chunks[0].GetProperty("x_groq").EnumerateObject().Select(member => member.Name).ShouldBe(["id"]);
        chunks[1].TryGetProperty("x_groq", out _).ShouldBeFalse();
        chunks[^1].GetProperty("x_groq").GetProperty("usage").GetRawText().ShouldBe(chunks[^1].GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task Openrouter_begins_with_a_comment_and_ends_with_its_cost()
    {
        var stream = await simulator.StreamAsync("openrouter", Bare("openai/gpt-4.1"));

        stream.ShouldStartWith(": OPENROUTER PROCESSING\n\n");
        Prompts.Events(stream)[^1].GetProperty("usage").GetProperty("cost").GetDecimal().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("stepfun", "step-3.7-flash", "reasoning")]
    [InlineData("groq", "openai/gpt-oss-120b", "reasoning")]
    [InlineData("vllm", "Qwen/Qwen3-32B", "reasoning_content")]
    [InlineData("tencent", "hunyuan-t1-latest", "reasoning_content")]
    public async Task Reasoning_has_the_vendors_name(string vendor, string model, string member)
    {
        var stream = await simulator.StreamAsync(vendor, Bare(model), ("Authorization", "Bearer sk-right"));

        stream.ShouldContain($"\"{member}\":\"");
    }

    [Fact]
    public async Task Llamacpp_times_its_last_chunk_only()
    {
        var chunks = Prompts.Events(await simulator.StreamAsync("llamacpp", Bare("llama-3.2-3b-instruct-q4_k_m")));

        chunks[..^1].ShouldNotContain(chunk => chunk.GetRawText().Contains("timings"));
        chunks[^1].GetProperty("timings").GetProperty("prompt_n").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Vllm_counts_on_in_every_chunk_when_asked_to()
    {
        var chunks = Prompts.Events(await simulator.StreamAsync("vllm", new
        {
            model = "meta-llama/Llama-3.3-70B-Instruct", stream = true, messages = new[] { new { role = "user", content = "Say hi" } },
            stream_options = new { include_usage = true, continuous_usage_stats = true },
        }));

        var counts = chunks.Select(chunk => chunk.GetProperty("usage").GetProperty("completion_tokens").GetInt32()).ToList();
        counts.ShouldBe(counts.Order());
        counts[^1].ShouldBeGreaterThan(counts[0]);
    }

    [Theory]
    [InlineData("no_done", true)]
    [InlineData("bare", true)]
    [InlineData("same_index", false)]
    public async Task Relay_can_be_sloppy(string variant, bool unfinished)
    {
        var body = JsonSerializer.SerializeToNode(Tools("gpt-4.1"))!.AsObject();

        var stream = await simulator.StreamAsync("holysheep", body, ("x-simulate-variant", variant));

        stream.Contains("[DONE]", StringComparison.Ordinal).ShouldBe(!unfinished);
        if (variant == "same_index")
            stream.ShouldNotContain("\"index\":1");
    }

    [Fact]
    public void Every_vendor_counts_tokens_its_own_way()
    {
        var vendors = VendorCatalogue.Load();
        var latin = new string('x', 10_000);
        var chinese = new string('数', 10_000);

        var counts = vendors.Ids.Select(id => vendors.Find(id)!.Tokens).Select(tokens => (tokens.Count(latin), tokens.Count(chinese))).ToList();

        counts.Distinct().Count().ShouldBe(counts.Count);
    }
}
