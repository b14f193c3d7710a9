using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class ResponseDecoderTests
{
    [Fact]
    public void Plain_answer_behind_blank_lines_is_read()
    {
        var message = Fold(Samples.DeepSeekBody).Choices.Single();
        message.Message.Parts.Select(part => part.ContentCase).ShouldBe([Part.ContentOneofCase.Reasoning, Part.ContentOneofCase.Text]);
        message.Finish.Reason.ShouldBe(FinishReason.Stop);
    }

    [Fact]
    public void Answer_goes_to_the_client_with_equal_values()
    {
        var completion = Fold("\uFEFF" + Samples.OpenAIToolBody);
        var output = new ArrayBufferWriter<byte>();
        OpenAIChatCompletionEncoder.Write(output, completion, new OrchestrationFacts { RequestId = "r", Attempts = 1 }, "gpt-4.1");
        var actual = JsonNode.Parse(output.WrittenSpan)!;
        actual["choices"]!.ToJsonString().ShouldBe(
            """[{"index":0,"message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\u0022x\u0022: 1.0}"}},{"id":"call_2","type":"function","function":{"name":"g","arguments":"{}"},"extra_content":{"google":{"thought_signature":"c2ln"}}}],"annotations":[]},"logprobs":null,"finish_reason":"tool_calls"}]""");
        actual["usage"]!["total_tokens"]!.GetValue<int>().ShouldBe(19);
        actual["orchestration"]!.ToJsonString().ShouldBe("""{"request_id":"r","attempts":1,"simulated":false}""");
    }

    [Fact]
    public void Creation_time_comes_from_the_request_when_the_provider_tells_none()
    {
        var time = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var output = new ArrayBufferWriter<byte>();
        OpenAIChatCompletionEncoder.Write(output, new ChatCompletion { RequestId = Guid.CreateVersion7(time).ToString() }, new OrchestrationFacts(), "m");
        JsonNode.Parse(output.WrittenSpan)!["created"]!.GetValue<long>().ShouldBe(time.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n  \n")]
    [InlineData("data: {}\n\n")]
    [InlineData("<html></html>")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]} trailing")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}{}")]
    public void Body_that_is_no_answer_breaks_the_protocol(string body) => Fail(body).FailureClass.ShouldBe(FailureClass.ProviderProtocol);

    [Fact]
    public void Answer_cut_at_any_byte_is_refused()
    {
        var body = Encoding.UTF8.GetBytes(Samples.DeepSeekBody);
        for (var cut = 0; cut < body.Length; cut++)
            OpenAIChatResponseDecoder.Decode(body.AsSpan(0, cut)).ShouldBeOfType<ChatResponseDecoding.Failed>($"cut at {cut}").Failure.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
    }

    [Theory]
    [InlineData("""{"error":{"message":"x","code":"insufficient_quota"}}""", FailureClass.ProviderBalance)]
    [InlineData("""{"choices":[{"message":{"content":"a"},"finish_reason":"error"}]}""", FailureClass.ProviderError)]
    [InlineData("""{"base_resp":{"status_code":1004,"status_msg":"invalid api key"}}""", FailureClass.ProviderAuth)]
    public void Error_in_a_successful_answer_is_an_error(string body, FailureClass expected) => Fail(body).FailureClass.ShouldBe(expected);

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"some words"},"finish_reason":"insufficient_system_resource"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}""")]
    [InlineData("""{"usage":{"prompt_tokens":7,"completion_tokens":3},"choices":[]}""")]
    public void Failed_answer_tells_the_usage_that_was_reported(string body)
    {
        var failed = OpenAIChatResponseDecoder.Decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatResponseDecoding.Failed>();
        (failed.Usage!.InputTokens, failed.Usage.OutputTokens).ShouldBe((7, 3));
    }

    private static Failure Fail(string body) =>
        OpenAIChatResponseDecoder.Decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatResponseDecoding.Failed>().Failure;

    private static ChatCompletion Fold(string body)
    {
        var decoded = OpenAIChatResponseDecoder.Decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatResponseDecoding.Decoded>();
        var builder = new ChatCompletionBuilder("r");
        foreach (var item in decoded.Events)
            builder.Add(item);
        builder.IsComplete.ShouldBeTrue();
        return builder.Build();
    }
}
