using System.Buffers;
using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class ChunkEncoderTests
{
    private const string Prefix = """data: {"id":"chatcmpl-r","object":"chat.completion.chunk","created":7,"model":"m","service_tier":"default","system_fingerprint":"fp_sim","choices":[""";

    [Fact]
    public void Text_is_written_as_openai_writes_it()
    {
        Encode(Samples.OpenAIStream, includeUsage: false).ShouldBe(string.Join("\n\n",
            Prefix + """{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}""",
            Prefix + """{"index":0,"delta":{"content":"Four"},"logprobs":null,"finish_reason":null}]}""",
            Prefix + """{"index":0,"delta":{"content":"."},"logprobs":null,"finish_reason":null}]}""",
            Prefix + """{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}""",
            "data: [DONE]", ""));
    }

    [Fact]
    public void Usage_chunk_carries_the_facts_of_the_request()
    {
        var text = Encode(Samples.OpenAIStream, includeUsage: true);
        text.Split("\"usage\":null").Length.ShouldBe(5);
        text.ShouldEndWith(Prefix + """
            ],"usage":{"prompt_tokens":16,"completion_tokens":3,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":1,"audio_tokens":0}},"orchestration":{"request_id":"r","provider":"openai","model":"gpt-4.1","route":"auto","cache":"miss","attempts":1,"cost":{"amount":"0.00012","currency":"USD"},"overhead_ms":1.5,"simulated":true,"warnings":[{"code":"parameter_dropped","param":"seed","message":"x"}]}}

            data: [DONE]


            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Tool_calls_are_numbered_and_begin_with_the_role()
    {
        Encode(Samples.OpenAIParallelTools, includeUsage: false).ShouldBe(string.Join("\n\n",
            Prefix + """{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_x","type":"function","function":{"name":"get_weather","arguments":""}}]},"logprobs":null,"finish_reason":null}]}""",
            Prefix + """{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]},"logprobs":null,"finish_reason":null}]}""",
            Prefix + """{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_y","type":"function","function":{"name":"now","arguments":""}}]},"logprobs":null,"finish_reason":null}]}""",
            Prefix + """{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"\\u00e9\\n\"}"}}]},"logprobs":null,"finish_reason":null}]}""",
            Prefix + """{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]},"logprobs":null,"finish_reason":null}]}""",
            Prefix + """{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}]}""",
            "data: [DONE]", ""));
    }

    [Fact]
    public void What_was_decoded_and_encoded_decodes_to_the_same_answer()
    {
        foreach (var stream in new[] { Samples.DeepSeekStream, Samples.DeepSeekThinkingWithTool, Samples.OpenAIParallelTools })
            StreamRun.Of(Encode(stream, includeUsage: true)).Fold().ShouldBe(StreamRun.Of(stream).Fold());
    }

    [Fact]
    public void Error_ends_the_stream_without_done_and_nothing_follows()
    {
        var text = Encode("""data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}""" + "\n\n", includeUsage: true);
        text.ShouldEndWith("""data: {"error":{"message":"The provider's answer ended before it was complete.","type":"upstream_error","param":null,"code":"upstream_stream_truncated"},"request_id":"r"}""" + "\n\n");
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public void Summary_without_a_finish_is_an_error()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new OpenAIChatChunkEncoder("r", "m", DateTimeOffset.UnixEpoch, includeUsage: true);
        encoder.Write(output, new ChatEvent { PartStart = new PartStart { Kind = PartKind.Text } });
        encoder.Write(output, new ChatEvent { Summary = new Summary() });
        encoder.IsEnded.ShouldBeTrue();
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldContain("upstream_stream_truncated");
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldNotContain("[DONE]");
    }

    [Fact]
    public void Keep_alive_is_a_comment_and_internal_events_are_silent()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new OpenAIChatChunkEncoder("r", "", DateTimeOffset.UnixEpoch, includeUsage: false);
        encoder.Write(output, new ChatEvent { AttemptStarted = new AttemptStarted() });
        encoder.Write(output, new ChatEvent { ResponseStarted = new ResponseStarted { Model = "shown" } });
        output.WrittenCount.ShouldBe(0);
        encoder.Write(output, new ChatEvent { KeepAlive = new KeepAlive() });
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(": keep-alive\n\n");
        encoder.Write(output, new ChatEvent { PartDelta = new PartDelta { Text = "a" } });
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldContain("\"model\":\"shown\"");
    }

    [Fact]
    public void Pretty_printed_extensions_stay_on_one_line()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new OpenAIChatChunkEncoder("r", "m", DateTimeOffset.UnixEpoch, includeUsage: false);
        encoder.Write(output, new ChatEvent { PartDelta = new PartDelta { Text = "a", Extensions = "{\n \"x\": [\r\n1.0 ]\n}" } });
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldContain("\"delta\":{\"content\":\"a\",\"x\":[  1.0 ]}");
    }

    private static string Encode(string stream, bool includeUsage)
    {
        var run = StreamRun.Of(stream);
        var output = new ArrayBufferWriter<byte>();
        var encoder = new OpenAIChatChunkEncoder("r", "m", DateTimeOffset.FromUnixTimeSeconds(7), includeUsage)
        {
            Facts = new OrchestrationFacts { RequestId = "r", Cache = "miss", OverheadMs = 1.5 },
        };
        var started = run.Decoder.Reported.Clone();
        (started.Provider, started.Model, started.Route, started.Simulated) = ("openai", "gpt-4.1", "auto", true);
        started.Warnings.Add(new Warning { Code = "parameter_dropped", Param = "seed", Message = "x" });
        encoder.Write(output, new ChatEvent { ResponseStarted = started });
        foreach (var item in run.Events)
            encoder.Write(output, item);
        encoder.Write(output, new ChatEvent { Summary = new Summary { Attempts = { new AttemptSummary() }, Cost = new Money { Amount = "0.00012", Currency = "USD" } } });
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
