using System.Text;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Tests.OpenAI;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicResponseDecoderTests
{
    [Fact]
    public void Plain_answer_gives_the_events_of_a_stream()
    {
        var decoded = Decode(AnthropicSamples.Body).ShouldBeOfType<ChatResponseDecoding.Decoded>();
        decoded.Events.Select(StreamRun.Describe).ShouldBe(["0.0 start Text", "0.0 'Four.'", "0.0 stop", "usage in 12 cached 0 out 4 reasoning 0", "0 finish Stop end_turn"]);
        (decoded.Reported.ProviderResponseId, decoded.Reported.ReportedModel, decoded.Reported.ServiceTier).ShouldBe(("msg_0124", "claude-sonnet-4-5-20250929", "standard"));
    }

    [Fact]
    public void Thinking_tools_and_cache_writes_of_both_lifetimes_are_kept_apart()
    {
        var decoded = Decode(AnthropicSamples.ThinkingToolBody).ShouldBeOfType<ChatResponseDecoding.Decoded>();
        var builder = new ChatCompletionBuilder("r");
        foreach (var item in decoded.Events)
            builder.Add(item);
        var parts = builder.Build().Choices[0].Message.Parts;

        (parts[0].Reasoning.Text, parts[0].Reasoning.Signature).ShouldBe(("Need weather.", "c2ln"));
        parts[1].Reasoning.Redacted.ShouldBe("ZW5j");
        parts[2].Text.Text_.ShouldBe("Let me look.");
        (parts[3].ToolCall.Id, parts[3].ToolCall.Name, parts[3].ToolCall.Arguments).ShouldBe(("toolu_01", "get_weather", """{"city":"Paris","temp":1.0}"""));
        parts[4].ToolCall.Arguments.ShouldBe("{}");
        var usage = decoded.Usage!;
        (usage.InputTokens, usage.CacheReadTokens, usage.CacheWriteTokens, usage.CacheWrite1HTokens, usage.OutputTokens).ShouldBe((20, 300, 60, 40, 50));
    }

    [Theory]
    [InlineData("", FailureClass.ProviderProtocol)]
    [InlineData("<html>", FailureClass.ProviderProtocol)]
    [InlineData("{}", FailureClass.ProviderProtocol)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", FailureClass.ProviderOverloaded)]
    [InlineData("""{"type":"message","content":[{"type":"text","text":"a"}],"stop_reason":null}""", FailureClass.ProviderTruncated)]
    [InlineData("""{"type":"message","content":[],"stop_reason":"end_turn"}{}""", FailureClass.ProviderProtocol)]
    public void Body_that_is_no_whole_message_fails(string body, FailureClass expected) =>
        Decode(body).ShouldBeOfType<ChatResponseDecoding.Failed>().Failure.FailureClass.ShouldBe(expected);

    private static ChatResponseDecoding Decode(string body) => AnthropicResponseDecoder.Decode(Encoding.UTF8.GetBytes(body));
}
