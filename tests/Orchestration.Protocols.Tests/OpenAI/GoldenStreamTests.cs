using System.Text;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class GoldenStreamTests
{
    private static readonly Dictionary<string, (string Stream, string[] Events)> Golden = new()
    {
        ["deepseek"] = (Samples.DeepSeekStream,
        [
            "0.0 start Text", "0.0 'Fö'", "0.0 'ur 四.\n🙂'", "0.0 stop", "usage in 12 cached 0 out 3 reasoning 0", "0 finish Stop stop",
        ]),
        ["deepseek-thinking-tool"] = (Samples.DeepSeekThinkingWithTool,
        [
            "0.0 start Reasoning", "0.0 'Need '", "0.0 'weather.'", "0.0 stop", "0.1 start Text", "0.1 'Let me look.'", "0.1 stop",
            "0.2 start ToolCall call_00_AbC get_weather", "0.2 '{'", "0.2 '\"city\": \"北'", "0.2 '京\"}'", "0.2 stop",
            "usage in 56 cached 64 out 15 reasoning 25", "0 finish ToolCalls tool_calls",
        ]),
        ["openai"] = (Samples.OpenAIStream,
        [
            "0.0 start Text", "0.0 'Four'", "0.0 '.'", "0.0 stop", "usage in 12 cached 4 out 2 reasoning 1", "0 finish Stop stop",
        ]),
        ["openai-tools"] = (Samples.OpenAIParallelTools,
        [
            "0.0 start ToolCall call_x get_weather", "0.0 '{\"a\":'", "0.1 start ToolCall call_y now", "0.0 '\"\\u00e9\\n\"}'",
            "0.0 stop", "0.1 '{}'", "0.1 stop", "usage in 12 cached 4 out 2 reasoning 1", "0 finish ToolCalls tool_calls",
        ]),
    };

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in Golden.Keys)
        {
            foreach (var lineEnd in new[] { "\n", "\r\n", "\r" })
                data.Add(name, lineEnd);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Recorded_stream_gives_the_same_events_wherever_it_is_split(string name, string lineEnd)
    {
        var (stream, expected) = Golden[name];
        var bytes = Encoding.UTF8.GetBytes(stream.Replace("\n", lineEnd, StringComparison.Ordinal));
        for (var split = 1; split < bytes.Length; split++)
            StreamRun.Of(bytes, null, split, bytes.Length).Lines.ShouldBe(expected, $"split at {split}");
        StreamRun.Of(bytes, null, 1).Lines.ShouldBe(expected);
    }

    [Fact]
    public void Provider_says_who_it_is()
    {
        var reported = StreamRun.Of(Samples.OpenAIStream).Decoder.Reported;
        reported.ProviderResponseId.ShouldBe("chatcmpl-abc");
        reported.ReportedModel.ShouldBe("gpt-4.1-2025-04-14");
        reported.SystemFingerprint.ShouldBe("fp_sim");
        reported.ServiceTier.ShouldBe("default");
        reported.CreatedAt.Seconds.ShouldBe(1_790_000_002);
    }

    [Fact]
    public void Size_of_the_output_is_measured_on_the_way()
    {
        var size = StreamRun.Of(Samples.DeepSeekThinkingWithTool).Decoder.OutputSize;
        size.CjkCharacters.ShouldBe(2);
        size.OtherCharacters.ShouldBe("Need weather.Let me look.get_weather{\"city\": \"\"}".Length);
    }
}
