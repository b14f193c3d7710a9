using System.Text.Json;
using Orchestration.Simulator.Tests.Dialects;

namespace Orchestration.Simulator.Tests.Anthropic;

public sealed class AnthropicShapeTests(SimulatorHost simulator)
{
    private const string Path = "anthropic/v1/messages";
    private const string Weather = """[{"name":"get_weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}},{"name":"get_time","input_schema":{"type":"object"}}]""";

    private static string Ask(string text, string more = "", string model = "claude-sonnet-4-5", int limit = 400) =>
        $$"""{"model":"{{model}}","max_tokens":{{limit}},"messages":[{"role":"user","content":"{{text}}"}]{{more}}}""";

    [Fact]
    public async Task Plain_answer_has_the_recorded_shape()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("Say hi", limit: 3));

        Calls.Steady(text).ShouldBe(
            """{"model":"claude-sonnet-4-5","id":"msg_01ID","type":"message","role":"assistant","content":[{"type":"text","text":"This is"}],"stop_reason":"max_tokens","stop_sequence":null,"usage":{"input_tokens":6,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":3,"service_tier":"standard","inference_geo":"not_available"}}""");
        text.ShouldMatch("\"id\":\"msg_01[0-9A-Za-z]{22}\"");
    }

    [Fact]
    public async Task Stream_has_the_recorded_events_in_order()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("Say hi", ",\"stream\":true", limit: 2));

        Calls.Steady(text).ShouldBe("""
            event: message_start
            data: {"type":"message_start","message":{"model":"claude-sonnet-4-5","id":"msg_01ID","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":6,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":1,"service_tier":"standard"}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: ping
            data: {"type":"ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Th"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"is"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"max_tokens","stop_sequence":null},"usage":{"input_tokens":6,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":2}}

            event: message_stop
            data: {"type":"message_stop"}


            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Parallel_tools_are_streamed_as_blocks_that_begin_with_an_empty_delta()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("get_weather and get_time please", $",\"stream\":true,\"tools\":{Weather}"));

        var events = Calls.Data(text);
        var starts = events.Where(item => item.Str("type") == "content_block_start").ToList();
        starts.Select(item => item.GetProperty("content_block").Str("name")).ShouldBe(["get_weather", "get_time"]);
        starts.Select(item => item.Int("index")).ShouldBe([0, 1]);
        var deltas = events.Where(item => item.Str("type") == "content_block_delta").ToList();
        deltas.ShouldAllBe(item => item.GetProperty("delta").Str("type") == "input_json_delta");
        deltas[0].GetProperty("delta").Str("partial_json").ShouldBe("");
        string.Concat(deltas.Where(item => item.Int("index") == 0).Select(item => item.GetProperty("delta").Str("partial_json"))).ShouldBe("""{"city":"sample 1"}""");
        // A function without arguments has nothing but the first, empty delta.
        deltas.Where(item => item.Int("index") == 1).Select(item => item.GetProperty("delta").Str("partial_json")).ShouldBe([""]);
        events[^2].GetProperty("delta").Str("stop_reason").ShouldBe("tool_use");
    }

    [Fact]
    public async Task Thinking_comes_first_and_ends_with_its_signature()
    {
        const string Thinking = ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}";
        var plain = await simulator.CallAsync(Path, Ask("Why?", Thinking, limit: 2000));
        var (_, stream) = await simulator.PostAsync(Path, Ask("Why?", Thinking + ",\"stream\":true", limit: 2000));

        var block = plain.GetProperty("content")[0];
        block.Str("type").ShouldBe("thinking");
        var deltas = Calls.Data(stream).Where(item => item.Str("type") == "content_block_delta").Select(item => item.GetProperty("delta")).ToList();
        var thoughts = deltas.TakeWhile(delta => delta.Str("type") == "thinking_delta").ToList();
        string.Concat(thoughts.Select(delta => delta.Str("thinking"))).ShouldBe(block.Str("thinking"));
        deltas[thoughts.Count].Str("signature").ShouldBe(block.Str("signature"));
        Calls.Data(stream)[1].GetProperty("content_block").GetRawText().ShouldBe("""{"type":"thinking","thinking":"","signature":""}""");
        (await simulator.CallAsync(Path, Ask("Why?"))).GetProperty("content")[0].Str("type").ShouldBe("text");
    }

    [Fact]
    public async Task Stop_sequence_is_named()
    {
        var answer = await simulator.CallAsync(Path, Ask("Say hi", ",\"stop_sequences\":[\" simulated\"]"));

        answer.Str("stop_reason").ShouldBe("stop_sequence");
        answer.Str("stop_sequence").ShouldBe(" simulated");
    }

    [Fact]
    public async Task Refusal_has_no_block_at_all()
    {
        var (_, text) = await simulator.PostAsync(Path, Ask("Say hi", ",\"stream\":true", "claude-sonnet-4-5!refusal"));

        Calls.Data(text).Select(item => item.Str("type")).ShouldBe(["message_start", "ping", "message_delta", "message_stop"]);
        Calls.Data(text)[2].GetProperty("delta").Str("stop_details", "type").ShouldBe("refusal");
        (await simulator.CallAsync(Path, Ask("Say hi", "", "claude-sonnet-4-5!refusal"))).GetProperty("content").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Marked_prompt_is_written_to_the_cache_and_read_from_it_later()
    {
        var prompt = string.Concat(Enumerable.Repeat("cached words ", 1200));
        var body = $$"""{"model":"claude-haiku-4-5","max_tokens":9,"system":[{"type":"text","cache_control":{"type":"ephemeral"},"text":"{{prompt}}"}],"messages":[{"role":"user","content":"Hi"}]}""";

        var first = (await simulator.CallAsync(Path, body, ("x-orchestration-attempt", "cache-1"))).GetProperty("usage");
        var second = (await simulator.CallAsync(Path, body, ("x-orchestration-attempt", "cache-2"))).GetProperty("usage");

        var written = first.Int("cache_creation_input_tokens");
        written.ShouldBeGreaterThan(1024);
        first.Int("cache_creation", "ephemeral_5m_input_tokens").ShouldBe(written);
        second.Int("cache_read_input_tokens").ShouldBe(written);
        second.Int("cache_creation_input_tokens").ShouldBe(0);
        second.Int("input_tokens").ShouldBe(first.Int("input_tokens"));
        (await simulator.JournalOfAsync("cache-1")).Int("cache_write_tokens").ShouldBe(written);
        (await simulator.JournalOfAsync("cache-2")).Int("input_tokens").ShouldBe(written + second.Int("input_tokens"));
    }

    [Fact]
    public async Task Tokens_are_counted_as_they_are_billed()
    {
        var answer = await simulator.CallAsync(Path, Ask("Count me, please"));

        var count = await simulator.CallAsync(Path + "/count_tokens",
            """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Count me, please"}]}""", ("x-orchestration-attempt", "counted"));

        count.Int("input_tokens").ShouldBe(answer.Int("usage", "input_tokens"));
        // Counting is free.
        (await simulator.JournalOfAsync("counted")).GetProperty("list_cost").GetDecimal().ShouldBe(0);
    }

    [Fact]
    public async Task White_space_between_members_is_not_billed()
    {
        var dense = await simulator.CallAsync(Path, Ask("Hi", $",\"tools\":{Weather}"));
        var spaced = await simulator.CallAsync(Path, Ask("Hi", $",\"tools\":{Weather.Replace(",", ",\n      ", StringComparison.Ordinal)}"));

        spaced.Int("usage", "input_tokens").ShouldBe(dense.Int("usage", "input_tokens"));
    }

    [Fact]
    public async Task Models_are_listed_with_cursors()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "anthropic/v1/models");
        request.Headers.Add("x-api-key", "any");
        using var response = await simulator.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var list = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        list.Str("first_id").ShouldBe("claude-sonnet-4-5");
        list.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        list.GetProperty("data")[0].Str("type").ShouldBe("model");
    }

    [Fact]
    public async Task Other_vendors_speak_it_under_their_own_path()
    {
        var answer = await simulator.CallAsync("deepseek/anthropic/v1/messages", Ask("Hi", model: "deepseek-flash"));

        answer.GetProperty("content")[0].Str("type").ShouldBe("thinking");
    }
}
