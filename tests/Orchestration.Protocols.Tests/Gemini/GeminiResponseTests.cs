using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Gemini;

namespace Orchestration.Protocols.Tests.Gemini;

public sealed class GeminiResponseTests
{
    [Fact]
    public void Plain_answer_gives_the_events_of_a_stream()
    {
        var decoding = Decode(GeminiSamples.Body).ShouldBeOfType<ChatResponseDecoding.Decoded>();

        decoding.Events.Select(VendorRun.Describe).ShouldBe(
        [
            "0.0 start Text", """0.0 'Four.'{"extra_content":{"google":{"thought_signature":"c2ln"}}}""", "0.0 stop",
            "usage in 9 cached 0 out 2 reasoning 185", "0 finish Stop STOP",
        ]);
        (decoding.Reported.ProviderResponseId, decoding.UsageSuspect).ShouldBe(("resp-1", false));
    }

    [Fact]
    public void Tool_calls_of_a_plain_answer_get_ids_and_keep_their_arguments_as_written()
    {
        var decoding = Decode(GeminiSamples.ToolBody).ShouldBeOfType<ChatResponseDecoding.Decoded>();

        var choice = VendorRun.Fold(decoding.Events).Choices.ShouldHaveSingleItem();
        choice.Message.Parts.Select(part => part.ToolCall).ShouldBe(
        [
            new ToolCall { Id = "call_resp-2_0_0", Name = "get_weather", Arguments = """{"city":"São Paulo","days":1.0}""", Signature = "c2ln" },
            new ToolCall { Id = "own-2", Name = "now", Arguments = "{}" },
        ]);
        (choice.Finish.Reason, choice.Finish.Extensions).ShouldBe((FinishReason.ToolCalls, """{"finishMessage":"Model generated function call(s)."}"""));
    }

    [Fact]
    public void List_of_chunks_is_read_where_the_event_stream_was_not_understood()
    {
        var body = "[" + GeminiSamples.Parts("""{"text":"Fo"}""") + ",\r\n" + GeminiSamples.Parts("""{"text":"ur."}""", "STOP") + "]";

        var decoding = Decode(body).ShouldBeOfType<ChatResponseDecoding.Decoded>();

        VendorRun.Fold(decoding.Events).Choices[0].Message.Parts[0].Text.Text_.ShouldBe("Four.");
    }

    [Theory]
    [InlineData("", FailureClass.ProviderProtocol)]
    [InlineData("<html>", FailureClass.ProviderProtocol)]
    [InlineData("{}", FailureClass.ProviderProtocol)]
    [InlineData("[]", FailureClass.ProviderProtocol)]
    [InlineData("""{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}""", FailureClass.ProviderTruncated)]
    [InlineData("""[{"error":{"code":500,"message":"x","status":"INTERNAL"}}]""", FailureClass.ProviderError)]
    public void Answer_that_is_none_is_a_failure(string body, FailureClass expected) =>
        Decode(body).ShouldBeOfType<ChatResponseDecoding.Failed>().Failure.FailureClass.ShouldBe(expected);

    [Fact]
    public void Blocked_prompt_is_refused_with_its_usage()
    {
        var failed = Decode(GeminiSamples.BlockedBody).ShouldBeOfType<ChatResponseDecoding.Failed>();

        (failed.Failure.FailureClass, failed.Usage!.InputTokens).ShouldBe((FailureClass.ContentFilter, 9));
    }

    [Theory]
    [InlineData("""{"promptTokenCount":100,"cachedContentTokenCount":60,"candidatesTokenCount":5,"thoughtsTokenCount":7,"totalTokenCount":112}""", 40, 60, 5, 7, false)]
    [InlineData("""{"promptTokenCount":100,"toolUsePromptTokenCount":20,"candidatesTokenCount":5,"totalTokenCount":125}""", 120, 0, 5, 0, false)]
    [InlineData("""{"promptTokenCount":10,"thoughtsTokenCount":7,"totalTokenCount":17}""", 10, 0, 0, 7, false)]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":9,"thoughtsTokenCount":7,"totalTokenCount":19}""", 10, 0, 2, 7, false)]
    [InlineData("""{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":40}""", 10, 0, 30, 0, true)]
    [InlineData("""{"promptTokenCount":10,"cachedContentTokenCount":50,"candidatesTokenCount":5,"totalTokenCount":15}""", 0, 10, 5, 0, true)]
    [InlineData("""{"promptTokenCount":-1,"candidatesTokenCount":5}""", 0, 0, 5, 0, true)]
    public void Usage_is_told_in_classes_that_do_not_overlap(string metadata, long input, long cached, long output, long reasoning, bool suspect)
    {
        var decoding = Decode("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":" + metadata + "}");

        var usage = decoding.Usage!;
        (usage.InputTokens, usage.CacheReadTokens, usage.OutputTokens, usage.ReasoningTokens).ShouldBe((input, cached, output, reasoning));
        decoding.UsageSuspect.ShouldBe(suspect);
    }

    [Fact]
    public void Audio_is_a_class_of_its_own()
    {
        const string Metadata = """{"promptTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":40},{"modality":"AUDIO","tokenCount":60}],"cachedContentTokenCount":10,"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":10}],"candidatesTokenCount":8,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":6}],"totalTokenCount":108}""";
        var usage = Decode("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":" + Metadata + "}").Usage!;

        (usage.InputTokens, usage.CacheReadTokens, usage.AudioInputTokens, usage.OutputTokens, usage.AudioOutputTokens).ShouldBe((40, 10, 50, 2, 6));
    }

    private static ChatResponseDecoding Decode(string body) => GeminiResponseDecoder.Decode(Encoding.UTF8.GetBytes(body));
}
