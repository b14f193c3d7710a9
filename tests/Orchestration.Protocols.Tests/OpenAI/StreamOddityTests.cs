using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class StreamOddityTests
{
    [Fact]
    public void Null_delta_empty_choices_and_empty_role_are_harmless()
    {
        const string Stream = """
            data: {"choices":[],"prompt_filter_results":[{}]}

            data: {"choices":[{"index":0,"delta":{"role":"","content":"a","tool_calls":null,"audio":null}}]}

            data: {"choices":[{"index":0,"delta":null,"finish_reason":""}]}

            data: {"choices":null}

            data: {"choices":[{"index":0,"delta":null,"finish_reason":"stop"}]}


            """;
        StreamRun.Of(Stream).Lines.ShouldBe(["0.0 start Text", "0.0 'a'", "0.0 stop", "0 finish Stop stop"]);
    }

    [Theory]
    [InlineData("""{"reasoning_content":"r","content":"t"}""")]
    [InlineData("""{"content":"t","reasoning":"r"}""")]
    [InlineData("""{"content":"t","reasoning":"r","reasoning_content":"r"}""")]
    [InlineData("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"r"}]},{"type":"text","text":"t"}]}""")]
    public void Reasoning_comes_before_text_under_each_of_its_names(string delta)
    {
        StreamRun.Of(Samples.Stream("stop", delta)).Lines.Where(line => !line.StartsWith("0 finish", StringComparison.Ordinal))
            .ShouldBe(["0.0 start Reasoning", "0.0 'r'", "0.0 stop", "0.1 start Text", "0.1 't'", "0.1 stop"]);
    }

    [Fact]
    public void Refusal_and_log_probabilities_are_kept()
    {
        var run = StreamRun.Of("""data: {"choices":[{"delta":{"refusal":"No."},"index":0,"logprobs":{"content":null,"refusal":[{"token":"No."}]},"finish_reason":"stop"}]}""" + "\n\n");
        run.Lines.ShouldBe(["0.0 start Refusal", """0.0 'No.'{"content":null,"refusal":[{"token":"No."}]}""", "0.0 stop", "0 finish Stop stop"]);
    }

    [Fact]
    public void Unknown_members_of_delta_and_choice_are_kept()
    {
        var run = StreamRun.Of("""data: {"choices":[{"index":0,"delta":{"content":"a","reasoning_details":[{"n":1.50}]},"content_filter_results":{"hate":{"filtered":false}},"finish_reason":"stop"}]}""" + "\n\n");
        run.Lines[1].ShouldBe("""0.0 'a'{"reasoning_details":[{"n":1.50}]}""");
        run.Lines[^1].ShouldBe("""0 finish Stop stop{"content_filter_results":{"hate":{"filtered":false}}}""");
    }

    [Fact]
    public void Whole_answer_at_the_end_of_a_stream_is_not_told_twice()
    {
        var stream = Samples.Stream("stop", """{"content":"Hello"}""").Replace("data: [DONE]\n\n", "", StringComparison.Ordinal)
            + """data: {"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4},"base_resp":{"status_code":0,"status_msg":""}}""" + "\n\n";
        StreamRun.Of(stream).Lines.ShouldBe(["0.0 start Text", "0.0 'Hello'", "0.0 stop", "usage in 3 cached 0 out 1 reasoning 0", "0 finish Stop stop"]);
    }

    [Fact]
    public void Broken_unicode_is_replaced_once_and_never_crashes()
    {
        byte[] invalid = [.. "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a"u8, 0xFF, .. "b\"},\"finish_reason\":\"stop\"}]}\n\n"u8];
        StreamRun.Of(invalid).Lines[1].ShouldBe("0.0 'a\uFFFDb'");
        StreamRun.Of(Samples.Stream("stop", """{"content":"x\udc00y\ud83d"}""", """{"content":"\ude42z"}""")).Lines.Skip(1).Take(2).ShouldBe(["0.0 'x\uFFFDy'", "0.0 '🙂z'"]);
    }

    [Theory]
    [InlineData("stop", FinishReason.Stop)]
    [InlineData("length", FinishReason.Length)]
    [InlineData("model_length", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("sensitive", FinishReason.ContentFilter)]
    [InlineData("tool_calls", FinishReason.ToolCalls)]
    [InlineData("something_new", FinishReason.Stop)]
    public void Words_for_the_end_are_understood_and_kept(string raw, FinishReason expected)
    {
        var finish = StreamRun.Of(Samples.Stream(raw, """{"content":"a"}""")).Finishes.Single();
        finish.Reason.ShouldBe(expected);
        finish.RawReason.ShouldBe(raw);
    }
}
