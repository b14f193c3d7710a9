using System.Buffers;
using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class StreamEndingTests
{
    public static TheoryData<string> Streams() => new(Samples.DeepSeekStream, Samples.DeepSeekThinkingWithTool, Samples.OpenAIStream, Samples.OpenAIParallelTools);

    [Theory]
    [MemberData(nameof(Streams))]
    public void Cut_stream_never_ends_with_a_finish_or_done(string stream)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var whole = stream.IndexOf("finish_reason\":\"", StringComparison.Ordinal);
        var finishChunkEnd = Encoding.UTF8.GetByteCount(stream.AsSpan(0, stream.IndexOf("\n\n", whole, StringComparison.Ordinal) + 2));
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var run = StreamRun.Of(bytes[..cut]);
            var client = Encode(run.Events);
            if (cut >= finishChunkEnd)
            {
                run.Decoder.Failure.ShouldBeNull($"cut at {cut}");
                client.ShouldEndWith("data: [DONE]\n\n");
                continue;
            }

            run.Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderTruncated, $"cut at {cut}");
            run.Finishes.ShouldBeEmpty($"cut at {cut}");
            client.ShouldNotContain("[DONE]");
            client.ShouldNotContain("\"finish_reason\":\"");
            client.ShouldContain("data: {\"error\":");
        }
    }

    [Fact]
    public void Missing_done_after_the_finish_is_a_success()
    {
        var run = StreamRun.Of(Samples.Stream("stop", """{"content":"hi"}""").Replace("data: [DONE]\n\n", "", StringComparison.Ordinal));
        run.Lines[^1].ShouldBe("0 finish Stop stop");
        run.Decoder.Failure.ShouldBeNull();
    }

    [Fact]
    public void Data_after_done_is_discarded_and_counted()
    {
        var run = StreamRun.Of(Samples.Stream("stop", """{"content":"hi"}""") + "data: [DONE]\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
        run.Fold().Choices[0].Message.Parts[0].Text.Text_.ShouldBe("hi");
        run.Decoder.DiscardedEvents.ShouldBe(2);
        run.Lines.Count(line => line.Contains("finish", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Done_without_a_finish_is_a_cut_unless_the_vendor_never_sends_one()
    {
        const string Stream = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"}}]}\n\ndata: [DONE]\n\n";
        StreamRun.Of(Stream).Lines[^1].ShouldBe("error ProviderTruncated upstream_stream_truncated");
        StreamRun.Of(Stream, new OpenAIStreamOptions { DoneEndsOpenChoices = true }).Lines[^1].ShouldBe("0 finish Stop");
    }

    [Fact]
    public void Second_choice_that_never_came_is_a_cut_only_without_done()
    {
        var options = new OpenAIStreamOptions { ExpectedChoices = 2 };
        var stream = Samples.Stream("stop", """{"content":"hi"}""");
        StreamRun.Of(stream, options).Decoder.Failure.ShouldBeNull();
        var cut = StreamRun.Of(stream.Replace("data: [DONE]\n\n", "", StringComparison.Ordinal), options);
        cut.Lines.TakeLast(2).ShouldBe(["0 finish Stop stop", "error ProviderTruncated upstream_stream_truncated"]);
    }

    [Fact]
    public void Interleaved_choices_end_one_by_one_and_the_cut_one_has_no_finish()
    {
        const string Chunks = """
            data: {"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":null},{"index":0,"delta":{"content":"a"},"finish_reason":null}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}

            data: {"choices":[{"delta":{"content":"B"},"index":1,"finish_reason":null}]}


            """;
        var run = StreamRun.Of(Chunks, new OpenAIStreamOptions { ExpectedChoices = 2 });
        run.Finishes.Select(finish => (finish.ChoiceIndex, finish.Reason)).ShouldBe([(0, FinishReason.Length)]);
        run.Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
        var client = Encode(run.Events);
        client.ShouldContain("\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"length\"");
        client.ShouldNotContain("[DONE]");
        StreamRun.Of(Chunks + "data: {\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n").Finishes.Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"error":{"message":"The server had an error","type":"server_error","param":null,"code":null}}""", FailureClass.ProviderError)]
    [InlineData("""{"error":{"message":"slow","code":429},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}""", FailureClass.ProviderRateLimited)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"z"},"finish_reason":"stop"}],"error":{"message":"late","type":"overloaded_error"}}""", FailureClass.ProviderOverloaded)]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"insufficient_system_resource"}]}""", FailureClass.ProviderOverloaded)]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}""", FailureClass.ProviderError)]
    [InlineData("""{"choices":null,"base_resp":{"status_code":1039,"status_msg":"x"}}""", FailureClass.ProviderError)]
    [InlineData("""{"error_code":336100,"error_msg":"try later"}""", FailureClass.ProviderError)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"cut""", FailureClass.ProviderProtocol)]
    [InlineData("""{"choices":[]} {"choices":[]}""", FailureClass.ProviderProtocol)]
    [InlineData("""[1]""", FailureClass.ProviderProtocol)]
    public void Error_at_any_time_ends_the_answer(string data, FailureClass expected)
    {
        foreach (var before in new[] { "", """data: {"choices":[{"index":0,"delta":{"content":"hi"}}]}""" + "\n\n" })
        {
            var run = StreamRun.Of(before + "data: " + data + "\n\ndata: [DONE]\n\n");
            run.Decoder.Failure!.FailureClass.ShouldBe(expected);
            run.Events[^1].Error.ShouldNotBeNull();
            run.Finishes.ShouldBeEmpty();
            run.Events.Where(item => item.PartDelta is not null).Select(item => item.PartDelta.Text).ShouldBe(before.Length > 0 ? ["hi"] : []);
        }
    }

    [Fact]
    public void Stream_without_events_is_truncated_and_empty_answer_breaks_the_protocol()
    {
        StreamRun.Of("").Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
        StreamRun.Of(": hello\n\ndata: [DONE]\n\n").Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
    }

    [Fact]
    public void Usage_and_finished_choices_come_before_the_error()
    {
        var run = StreamRun.Of("""data: {"choices":[{"index":0,"delta":{"content":"hi"}}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}""" + "\n\n");
        run.Lines.ShouldBe(["0.0 start Text", "0.0 'hi'", "usage in 5 cached 0 out 1 reasoning 0", "error ProviderTruncated upstream_stream_truncated"]);
    }

    [Fact]
    public void Failure_of_the_transport_is_the_last_event()
    {
        var decoder = new OpenAIChatStreamDecoder();
        var events = new List<ChatEvent>();
        decoder.Decode("""{"choices":[{"index":0,"delta":{"content":"hi"}}]}"""u8, events);
        decoder.Fail(new Failure { FailureClass = FailureClass.ProviderTimeout, Code = "idle_timeout" }, events);
        decoder.Complete(events);
        decoder.Failure!.Code.ShouldBe("idle_timeout");
        events[^1].Error.Code.ShouldBe("idle_timeout");
        events.Count(item => item.Error is not null).ShouldBe(1);
    }

    private static string Encode(List<ChatEvent> events)
    {
        var encoder = new OpenAIChatChunkEncoder("r", "m", DateTimeOffset.UnixEpoch, includeUsage: true);
        var output = new ArrayBufferWriter<byte>();
        foreach (var item in events)
            encoder.Write(output, item);
        encoder.Write(output, new ChatEvent { Summary = new Summary() });
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
