namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class UsageTests
{
    private const string Content = """data: {"choices":[{"index":0,"delta":{"content":"a"}}]}""" + "\n\n";

    [Theory]
    [InlineData("""data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""")]
    [InlineData("""data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}]}""")]
    [InlineData("""
        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

        data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}
        """)]
    [InlineData("""
        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}

        data: {"choices":[{"delta":{}}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}
        """)]
    [InlineData("""
        data: {"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":7,"completion_tokens":1,"total_tokens":8}}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}

        data: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}
        """)]
    public void Usage_is_found_wherever_it_stands_and_is_told_once(string end)
    {
        var run = StreamRun.Of(Content + end.ReplaceLineEndings("\n") + "\n\ndata: [DONE]\n\n");
        run.Lines.Where(line => line.StartsWith("usage", StringComparison.Ordinal)).ShouldBe(["usage in 7 cached 0 out 2 reasoning 0"]);
        run.Lines[^1].ShouldBe("0 finish Stop stop");
    }

    [Fact]
    public void Zero_usage_is_reported_as_zero_and_missing_usage_as_none()
    {
        StreamRun.Of(Content + """data: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}""" + "\n\n").Decoder.Usage!.OutputTokens.ShouldBe(0);
        StreamRun.Of(Content + """data: {"choices":[],"usage":{}}""" + "\n\n").Decoder.Usage.ShouldBeNull();
    }

    [Theory]
    // prompt, completion and total, then what is inside them: fresh input, cache read, cache write, output, reasoning.
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}""", 6, 4, 0, 2, 3, false)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":1,"total_tokens":241,"completion_tokens_details":{"reasoning_tokens":228}}""", 12, 0, 0, 1, 228, false)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":1,"completion_tokens_details":{"reasoning_tokens":228}}""", 12, 0, 0, 1, 228, false)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":40}""", 10, 0, 0, 5, 25, false)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6,"prompt_tokens_details":{"cached_tokens":4}}""", 6, 4, 0, 5, 0, false)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"cached_tokens":4}""", 6, 4, 0, 5, 0, false)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"cache_creation_input_tokens":3}}""", 3, 4, 3, 5, 0, false)]
    [InlineData("""{"input_tokens":10,"output_tokens":5,"total_tokens":15}""", 10, 0, 0, 5, 0, false)]
    [InlineData("""{"prompt_tokens":10.0,"completion_tokens":5,"total_tokens":15}""", 10, 0, 0, 5, 0, false)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":40}}""", 0, 10, 0, 5, 0, true)]
    [InlineData("""{"prompt_tokens":-3,"completion_tokens":5}""", 0, 0, 0, 5, 0, true)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":99999999999}""", 10, 0, 0, 0, 0, true)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":3}""", 10, 0, 0, 5, 0, true)]
    public void Reported_counts_become_disjoint(string usage, long input, long cached, long written, long output, long reasoning, bool suspect)
    {
        var decoder = StreamRun.Of(Content + $$"""data: {"choices":[],"usage":{{usage}}}""" + "\n\n").Decoder;
        var actual = decoder.Usage!;
        (actual.InputTokens, actual.CacheReadTokens, actual.CacheWriteTokens, actual.OutputTokens, actual.ReasoningTokens)
            .ShouldBe((input, cached, written, output, reasoning));
        decoder.UsageSuspect.ShouldBe(suspect);
    }
}
