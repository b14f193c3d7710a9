using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Ollama;

namespace Orchestration.Protocols.Tests.Ollama;

public sealed class OllamaStreamTests
{
    private const string Head = "\"model\":\"qwen3:8b\",\"created_at\":\"2026-09-01T10:00:00.123456789Z\"";

    private static readonly string TextStream = Lines(
        Line("""{"role":"assistant","content":"","thinking":"Hm 四"}"""),
        Line("""{"role":"assistant","content":"Fo"}"""),
        Line("""{"role":"assistant","content":"ur.🙂\n"}"""),
        Last("""{"role":"assistant","content":""}""", "stop", 26, 12));

    private static readonly string[] TextEvents =
    [
        "0.0 start Reasoning", "0.0 'Hm 四'", "0.0 stop", "0.1 start Text", "0.1 'Fo'", "0.1 'ur.🙂\n'", "0.1 stop",
        "usage in 26 cached 0 out 12 reasoning 0", "0 finish Stop stop",
    ];

    private static readonly string ToolStream = Lines(
        Line("""{"role":"assistant","content":"","tool_calls":[{"id":"call_a","function":{"index":0,"name":"get_weather","arguments":{"city": "北京", "n": 1.0}}},{"id":"call_b","function":{"name":"now","arguments":{}}}]}"""),
        Last("""{"role":"assistant","content":""}""", "stop", 40, 9));

    private static readonly string[] ToolEvents =
    [
        "0.0 start ToolCall call_a get_weather", """0.0 '{"city":"北京","n":1.0}'""", "0.0 stop", "0.1 start ToolCall call_b now", "0.1 '{}'", "0.1 stop",
        "usage in 40 cached 0 out 9 reasoning 0", "0 finish ToolCalls stop",
    ];

    [Theory]
    [InlineData("text", "\n")]
    [InlineData("text", "\r\n")]
    [InlineData("tools", "\n")]
    [InlineData("tools", "\r\n")]
    public void Recorded_stream_gives_the_same_events_wherever_it_is_split(string name, string lineEnd)
    {
        var (stream, expected) = name == "text" ? (TextStream, TextEvents) : (ToolStream, ToolEvents);
        var bytes = Encoding.UTF8.GetBytes(stream.Replace("\n", lineEnd, StringComparison.Ordinal));
        for (var split = 1; split < bytes.Length; split++)
            VendorRun.OfLines(new OllamaStreamDecoder(), bytes, split, bytes.Length).Lines.ShouldBe(expected, $"split at {split}");
        VendorRun.OfLines(new OllamaStreamDecoder(), bytes, 1).Lines.ShouldBe(expected);
    }

    [Fact]
    public void Last_line_needs_no_line_end() =>
        VendorRun.OfLines(new OllamaStreamDecoder(), TextStream.TrimEnd('\n')).Lines.ShouldBe(TextEvents);

    [Fact]
    public void Stream_without_its_last_line_is_cut()
    {
        var run = VendorRun.OfLines(new OllamaStreamDecoder(), Lines(Line("""{"role":"assistant","content":"Fo"}""")));

        run.Lines.ShouldBe(["0.0 start Text", "0.0 'Fo'", "error ProviderTruncated upstream_stream_truncated"]);
    }

    [Fact]
    public void Lines_after_the_last_one_are_discarded()
    {
        var run = VendorRun.OfLines(new OllamaStreamDecoder(), TextStream + Lines(Line("""{"role":"assistant","content":"more"}""")));

        run.Lines.ShouldBe(TextEvents);
    }

    [Fact]
    public void Line_with_an_error_fails_the_answer()
    {
        var run = VendorRun.OfLines(new OllamaStreamDecoder(), Lines(Line("""{"role":"assistant","content":"Fo"}"""), """{"error":"an error was encountered while running the model: CUDA error"}"""));

        run.Lines.ShouldBe(["0.0 start Text", "0.0 'Fo'", "error ProviderError provider_error"]);
        run.Decoder.Failure!.Message.ShouldNotContain("CUDA");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"message\":")]
    [InlineData("hello")]
    public void Line_that_is_no_object_breaks_the_protocol(string line) =>
        VendorRun.OfLines(new OllamaStreamDecoder(), line).Decoder.Failure!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);

    [Theory]
    [InlineData("stop", FinishReason.Stop)]
    [InlineData("length", FinishReason.Length)]
    [InlineData("load", FinishReason.Stop)]
    public void Word_for_the_end_is_understood(string raw, FinishReason expected)
    {
        var finish = VendorRun.OfLines(new OllamaStreamDecoder(), Lines(Last("""{"content":"x"}""", raw, 1, 1))).Events[^1].Finish;

        (finish.Reason, finish.RawReason).ShouldBe((expected, raw));
    }

    [Fact]
    public void Calls_without_an_id_get_one_of_their_own_in_every_answer()
    {
        var stream = Lines(Line("""{"tool_calls":[{"function":{"name":"f","arguments":{}}},{"function":{"name":"f"}}]}"""), Last("{}", "stop", 1, 1));

        var ids = Enumerable.Range(0, 2).SelectMany(_ => VendorRun.OfLines(new OllamaStreamDecoder(), stream).Fold().Choices[0].Message.Parts.Select(part => part.ToolCall.Id)).ToList();

        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.StartsWith("call_", StringComparison.Ordinal));
    }

    [Fact]
    public void Prompt_that_was_not_counted_makes_the_usage_suspect()
    {
        var run = VendorRun.OfLines(new OllamaStreamDecoder(), """{"model":"m","message":{"content":"x"},"done":true,"done_reason":"stop","eval_count":3}""");

        (run.Decoder.Usage!.OutputTokens, run.Decoder.UsageSuspect).ShouldBe((3, true));
    }

    [Fact]
    public void Plain_answer_is_the_only_line_of_a_stream()
    {
        var decoding = OllamaResponseDecoder.Decode(Encoding.UTF8.GetBytes(Last("""{"role":"assistant","content":"Four.","thinking":"2+2"}""", "stop", 5, 2))).ShouldBeOfType<ChatResponseDecoding.Decoded>();

        decoding.Events.Select(VendorRun.Describe).ShouldBe(
        [
            "0.0 start Reasoning", "0.0 '2+2'", "0.0 stop", "0.1 start Text", "0.1 'Four.'", "0.1 stop", "usage in 5 cached 0 out 2 reasoning 0", "0 finish Stop stop",
        ]);
        decoding.Reported.ReportedModel.ShouldBe("qwen3:8b");
        decoding.Reported.CreatedAt.ToDateTimeOffset().Year.ShouldBe(2026);
    }

    [Theory]
    [InlineData("", FailureClass.ProviderTruncated)]
    [InlineData("""{"error":"model 'x' not found"}""", FailureClass.ProviderError)]
    [InlineData("""{"message":{"content":"x"},"done":false}""", FailureClass.ProviderTruncated)]
    public void Plain_answer_that_is_none_is_a_failure(string body, FailureClass expected) =>
        OllamaResponseDecoder.Decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatResponseDecoding.Failed>().Failure.FailureClass.ShouldBe(expected);

    [Theory]
    [InlineData(404, """{"error":"model 'llama9' not found"}""", FailureClass.ProviderModelNotFound)]
    [InlineData(400, """{"error":"registry.ollama.ai/library/gemma:2b does not support tools"}""", FailureClass.ProviderInvalidRequest)]
    [InlineData(429, """{"error":"too many requests"}""", FailureClass.ProviderRateLimited)]
    [InlineData(503, """{"error":"server busy, please try again.  maximum pending requests exceeded"}""", FailureClass.ProviderOverloaded)]
    [InlineData(500, """{"error":"llama runner process has terminated"}""", FailureClass.ProviderError)]
    [InlineData(401, """{"error":"unauthorized"}""", FailureClass.ProviderAuth)]
    [InlineData(502, "", FailureClass.ProviderError)]
    public void Error_is_classified(int status, string body, FailureClass expected)
    {
        var failure = OllamaErrorDecoder.Decode(status, Encoding.UTF8.GetBytes(body), default);

        (failure.FailureClass, failure.ProviderStatus).ShouldBe((expected, status));
    }

    private static string Line(string message) => $"{{{Head},\"message\":{message},\"done\":false}}";

    private static string Last(string message, string reason, int prompt, int output) =>
        $"{{{Head},\"message\":{message},\"done\":true,\"done_reason\":\"{reason}\",\"total_duration\":4883583458,\"load_duration\":1334875,\"prompt_eval_count\":{prompt},\"prompt_eval_duration\":342546000,\"eval_count\":{output},\"eval_duration\":4535599000}}";

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\n"));
}
