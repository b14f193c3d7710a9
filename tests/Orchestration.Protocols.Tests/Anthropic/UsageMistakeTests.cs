using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;

namespace Orchestration.Protocols.Tests.Anthropic;

/// <summary>Mistakes that gateways make with usage between the two protocols; numbers as in the list of known edge cases.</summary>
public sealed class UsageMistakeTests
{
    [Fact]
    public void Case_01_cached_tokens_are_counted_once_in_both_directions()
    {
        var usage = AnthropicRun.Of(Stream("""{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":70,"output_tokens":5}""")).Decoder.Usage!;
        (usage.InputTokens, usage.CacheWriteTokens, usage.CacheReadTokens).ShouldBe((10, 20, 70));

        var openAI = AnthropicRun.OfOpenAI("""
            data: {"id":"r","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"prompt_tokens_details":{"cached_tokens":70}}}

            data: [DONE]


            """);
        Wire.Encode([.. openAI.Events, new ChatEvent { Summary = new Summary() }]).ShouldContain("""
            "usage":{"input_tokens":30,"cache_creation_input_tokens":0,"cache_read_input_tokens":70,
            """.Trim());
    }

    [Fact]
    public void Case_02_inclusive_input_at_the_start_is_not_billed_twice()
    {
        const string Start = """{"input_tokens":100,"cache_read_input_tokens":70,"output_tokens":0}""";
        var options = new AnthropicDecodingOptions { InclusiveInput = true };

        var split = AnthropicRun.Of(Stream("""{"input_tokens":30,"cache_read_input_tokens":70,"output_tokens":5}""", Start), options).Decoder.Usage!;
        (split.InputTokens, split.CacheReadTokens).ShouldBe((30, 70));

        var stillInclusive = AnthropicRun.Of(Stream("""{"input_tokens":100,"cache_read_input_tokens":70,"output_tokens":5}""", Start), options).Decoder.Usage!;
        (stillInclusive.InputTokens, stillInclusive.CacheReadTokens).ShouldBe((30, 70));

        var onlyStart = AnthropicRun.Of(Stream("""{"output_tokens":5}""", Start), options).Decoder.Usage!;
        (onlyStart.InputTokens, onlyStart.CacheReadTokens).ShouldBe((30, 70));
    }

    [Theory]
    [InlineData("""{"output_tokens":15}""", 43, 15)]
    [InlineData("""{"input_tokens":61,"output_tokens":15}""", 61, 15)]
    [InlineData("""{"input_tokens":0,"output_tokens":15}""", 43, 15)]
    public void Case_03_last_report_is_merged_and_never_added(string last, long input, long output)
    {
        var usage = AnthropicRun.Of(Stream(last, """{"input_tokens":43,"output_tokens":1}""")).Decoder.Usage!;
        (usage.InputTokens, usage.OutputTokens).ShouldBe((input, output));
    }

    [Fact]
    public void Case_03_several_reports_on_the_way_are_cumulative()
    {
        var stream = AnthropicSamples.Stream(
            AnthropicSamples.Start("10"),
            AnthropicSamples.MessageDelta("end_turn", """{"output_tokens":5}"""),
            AnthropicSamples.MessageDelta("end_turn", """{"output_tokens":9}"""),
            """{"type":"message_stop"}""");
        AnthropicRun.Of(stream).Decoder.Usage!.OutputTokens.ShouldBe(9);
    }

    [Fact]
    public void Case_05_usage_chunk_with_an_empty_delta_reaches_the_anthropic_client()
    {
        var run = AnthropicRun.OfOpenAI("""
            data: {"id":"r","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}

            data: {"id":"r","choices":[{"delta":{}}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}

            data: [DONE]


            """);
        Wire.Encode([.. run.Events, new ChatEvent { Summary = new Summary() }]).ShouldContain("\"usage\":{\"input_tokens\":7,");
    }

    [Fact]
    public void Case_07_usage_of_a_cut_stream_is_kept_for_the_bill()
    {
        var run = AnthropicRun.Of(AnthropicSamples.Stream(AnthropicSamples.Start("500"), AnthropicSamples.BlockStart(0, """{"type":"text","text":"a"}""")));
        run.Decoder.Failure.ShouldNotBeNull();
        (run.Decoder.Usage!.InputTokens, run.Decoder.OutputSize.OtherCharacters).ShouldBe((500, 1));
    }

    [Fact]
    public void Case_08_thinking_is_inside_the_output_and_billed_once()
    {
        var usage = AnthropicRun.Of(Stream("""{"output_tokens":50,"output_tokens_details":{"thinking_tokens":30}}""")).Decoder.Usage!;
        (usage.OutputTokens, usage.ReasoningTokens).ShouldBe((20, 30));
    }

    [Fact]
    public void Impossible_counts_are_flagged()
    {
        var run = AnthropicRun.Of(Stream("""{"input_tokens":-5,"output_tokens":99999999999}"""));
        run.Decoder.UsageSuspect.ShouldBeTrue();
        run.Decoder.Usage!.InputTokens.ShouldBe(1);
    }

    [Fact]
    public void Plain_answer_and_stream_bill_the_same()
    {
        const string Usage = """{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":70,"cache_creation":{"ephemeral_5m_input_tokens":15,"ephemeral_1h_input_tokens":5},"output_tokens":5}""";
        var body = $$"""{"id":"m","type":"message","content":[{"type":"text","text":"a"}],"stop_reason":"end_turn","usage":{{Usage}}}""";
        AnthropicResponseDecoder.Decode(Encoding.UTF8.GetBytes(body)).Usage.ShouldBe(AnthropicRun.Of(Stream(Usage)).Decoder.Usage);
    }

    private static string Stream(string last, string first = """{"input_tokens":1,"output_tokens":1}""") => AnthropicSamples.Stream(
        $$"""{"type":"message_start","message":{"id":"m","model":"c","usage":{{first}}} }""",
        AnthropicSamples.BlockStart(0, """{"type":"text","text":"a"}"""),
        AnthropicSamples.BlockStop(0),
        AnthropicSamples.MessageDelta("end_turn", last),
        """{"type":"message_stop"}""");
}
