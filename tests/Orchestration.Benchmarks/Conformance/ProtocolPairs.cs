using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Clients of one protocol before vendors of another: a call of a tool, its result, and the usage in the client's own words.</summary>
internal sealed class ProtocolPairs(IReadOnlyList<VendorRow> rows, ExecutionClient client, Uri simulator)
{
    private const string City = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    public static readonly IReadOnlyList<string> Clients = ["OpenAI", "Anthropic"];

    public static readonly IReadOnlyList<string> Vendors = ["openai", "anthropic", "google"];

    public async Task<CellResult> CheckAsync(string clientProtocol, string vendor, CancellationToken cancellationToken)
    {
        var row = rows.Single(r => r.Row == vendor);
        using var witness = new SimulatorWitness(simulator, row.Provider);
        var plans = new VendorPlans(simulator, row);
        var openAI = clientProtocol == "OpenAI";
        var first = await client.ChatAsync(plans.Chat(Read(openAI, openAI ? OpenAIRequest("") : AnthropicRequest("")), row.Model), null, cancellationToken);
        if (first.WrongEnd(FinishReason.ToolCalls) is { } wrong)
            return CellResult.Of(wrong);
        using var answer = JsonDocument.Parse(Written(openAI, first.Completion));
        if (WrongUsage(openAI, answer.RootElement, await witness.CountAsync(first.Attempt!.AttemptId, cancellationToken)) is { } miscount)
            return CellResult.Of(miscount);
        var next = openAI ? OpenAIRequest(OpenAITurn(answer.RootElement)) : AnthropicRequest(AnthropicTurn(answer.RootElement));
        var second = await client.ChatAsync(plans.Chat(Read(openAI, next), row.Model), null, cancellationToken);
        return CellResult.Of(second.WrongEnd(FinishReason.Stop) ?? (second.Text.Length == 0 ? "the second turn says nothing" : null));
    }

    private static ChatRequest Read(bool openAI, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = (openAI ? OpenAIChatRequestDecoder.Decode(bytes) : AnthropicRequestDecoder.Decode(bytes)) switch
        {
            ChatRequestDecoding.Decoded decoded => decoded.Request,
            var refused => throw new InvalidOperationException($"A sample is refused: {refused}"),
        };
        request.Stream = true;
        return request;
    }

    private static ReadOnlyMemory<byte> Written(bool openAI, ChatCompletion completion)
    {
        var output = new ArrayBufferWriter<byte>();
        if (openAI)
            OpenAIChatCompletionEncoder.Write(output, completion, new OrchestrationFacts(), "m");
        else
            AnthropicResponseEncoder.Write(output, completion, null, "m");
        return output.WrittenMemory;
    }

    private static string? WrongUsage(bool openAI, JsonElement answer, JournalCount counted)
    {
        var usage = answer.GetProperty("usage");
        var (input, output) = openAI ? ("prompt_tokens", "completion_tokens") : ("input_tokens", "output_tokens");
        return usage.GetProperty(input).GetInt32() != counted.Input || usage.GetProperty(output).GetInt32() != counted.Output
            ? $"usage {usage.GetRawText()}, counted {counted.Input} and {counted.Output}"
            : null;
    }

    private static string OpenAIRequest(string turn) =>
        $$$"""{"model":"m","max_tokens":500,"messages":[{"role":"user","content":"Use the tool get_weather for Oslo."}{{{turn}}}],"tools":[{"type":"function","function":{"name":"get_weather","parameters":{{{City}}}}}]}""";

    private static string AnthropicRequest(string turn) =>
        $$$"""{"model":"m","max_tokens":500,"messages":[{"role":"user","content":"Use the tool get_weather for Oslo."}{{{turn}}}],"tools":[{"name":"get_weather","input_schema":{{{City}}}}]}""";

    private static string OpenAITurn(JsonElement answer)
    {
        var message = answer.GetProperty("choices")[0].GetProperty("message");
        var id = message.GetProperty("tool_calls")[0].GetProperty("id").GetRawText();
        return $$""",{{message.GetRawText()}},{"role":"tool","tool_call_id":{{id}},"content":"18 degrees"}""";
    }

    private static string AnthropicTurn(JsonElement answer)
    {
        var content = answer.GetProperty("content");
        var call = content.EnumerateArray().Single(b => b.GetProperty("type").GetString() == "tool_use");
        return $$""",{"role":"assistant","content":{{content.GetRawText()}}},{"role":"user","content":[{"type":"tool_result","tool_use_id":{{call.GetProperty("id").GetRawText()}},"content":"18 degrees"}]}""";
    }
}
