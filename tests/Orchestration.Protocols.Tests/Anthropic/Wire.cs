using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Tests.OpenAI;

namespace Orchestration.Protocols.Tests.Anthropic;

/// <summary>Requests on their way between the protocols.</summary>
internal static class Wire
{
    public static readonly AnthropicModelRules Newest = new() { Thinking = AnthropicThinking.Adaptive, Effort = true, Sampling = AnthropicSampling.None, JsonSchema = true, StrictTools = true };

    public static ChatRequest FromOpenAI(string members) =>
        OpenAIChatRequestDecoder.Decode(System.Text.Encoding.UTF8.GetBytes($$"""{"model":"auto",{{members}}}""")).ShouldBeOfType<ChatRequestDecoding.Decoded>().Request;

    public static ChatRequest FromAnthropic(string members) =>
        AnthropicRequestDecoder.Decode(System.Text.Encoding.UTF8.GetBytes($$"""{"model":"auto","max_tokens":1000,{{members}}}""")).ShouldBeOfType<ChatRequestDecoding.Decoded>().Request;

    public static EncodedRequest ToAnthropic(ChatRequest request, AnthropicModelRules? rules = null, string origin = "anthropic/claude", int? maxOutput = 64_000) =>
        AnthropicRequestEncoder.Encode(request, new AnthropicRequestTarget { Model = "claude", Stream = request.Stream, Origin = origin, MaxOutputTokens = maxOutput, Rules = rules ?? new() });

    public static EncodedRequest ToOpenAI(ChatRequest request) =>
        OpenAIChatRequestEncoder.Encode(request, new OpenAIRequestTarget { Model = "gpt", Stream = request.Stream });

    public static JsonNode Json(this EncodedRequest encoded) => JsonNode.Parse(encoded.Body.Span)!;

    public static string[] Codes(this EncodedRequest encoded) => [.. encoded.Warnings.Select(warning => $"{warning.Code} {warning.Param}")];

    public static void ShouldBeJson(this JsonNode? actual, string expected)
    {
        if (!JsonNode.DeepEquals(actual, JsonNode.Parse(expected)))
            (actual?.ToJsonString() ?? "absent").ShouldBe(expected);
    }

    /// <summary>A stream of an OpenAI-compatible provider from the members of its deltas.</summary>
    public static string OpenAIStream(string finish, params string[] members) => Samples.Stream(finish, [.. members.Select(item => "{" + item.Trim() + "}")]);

    /// <summary>The events of a stream for a client, each as its type and data.</summary>
    public static IReadOnlyList<string> Events(string stream) =>
        [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(item => item["event: ".Length..].Replace("\ndata: ", " ", StringComparison.Ordinal))];

    public static string Encode(IEnumerable<ChatEvent> events, string model = "m")
    {
        var encoder = new AnthropicStreamEncoder("r-1", model);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var item in events)
            encoder.Write(output, item);
        return System.Text.Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
