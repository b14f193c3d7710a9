using System.Text;
using CsCheck;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Responses;
using Orchestration.Protocols.Tests.Anthropic;

namespace Orchestration.Protocols.Tests.Responses;

public sealed class ResponsesRoundTripTests
{
    private const int Cases = 600;
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcdefgh XYZ.,é四\"\\\n"], 1, 12];

    private static readonly Gen<string> Arguments = Gen.OneOf(
        "{}", "{ \"a\" : 1.0 }", "{\"b\":12345678901234567890}", "{\"c\":\"\\u00e9\"}", "{\"d\":[1,{\"e\":null}],\"f\":true}", "not json");

    private static readonly Gen<(string Name, string Arguments, string Result)[]> Step =
        Gen.Select(Gen.OneOf("f", "get_weather"), Arguments, Gen.OneOf(Word, Gen.Const("")), (n, a, r) => (n, a, r)).Array[0, 4];

    private static readonly Gen<(string User, string Answer, (string Name, string Arguments, string Result)[] Calls)[]> Conversations =
        Gen.Select(Word, Gen.OneOf(Word, Gen.Const("")), Step, (u, t, c) => (u, t, c)).Array[1, 4];

    [Fact]
    public void Tools_calls_results_and_texts_reach_the_provider_as_they_were_said() => Conversations.Sample(
        conversation =>
        {
            var request = RequestOf(conversation);
            var encoded = ResponsesRequestEncoder.Encode(request, new ResponsesRequestTarget { Model = "gpt", Stream = false, Origin = "openai/gpt" });

            encoded.Warnings.ShouldBeEmpty();
            var body = encoded.Json();
            ResponsesBodyReader.Lines(body).ShouldBe(request.Messages.SelectMany(Lines));
            ResponsesBodyReader.Tools(body).ShouldBe(request.Tools.Select(tool => $"{tool.Name}|{tool.Description}|{tool.Parameters}"));
            ((string?)body["tool_choice"], (bool)body["parallel_tool_calls"]!).ShouldBe(("required", false));
        },
        seed: Seed, iter: Cases, threads: 1);

    [Fact]
    public void Usage_keeps_its_sums_whatever_is_cached_or_reasoned() => Gen.Select(Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000], Gen.Double[0, 1], Gen.Double[0, 1]).Sample(
        (input, output, cachedShare, reasoningShare) =>
        {
            var (cached, reasoning) = ((long)(input * cachedShare), (long)(output * reasoningShare));
            var body = $$$"""{"status":"completed","output":[],"usage":{"input_tokens":{{{input}}},"input_tokens_details":{"cached_tokens":{{{cached}}}},"output_tokens":{{{output}}},"output_tokens_details":{"reasoning_tokens":{{{reasoning}}}},"total_tokens":{{{input + output}}}}}""";
            var decoding = ResponsesResponseDecoder.Decode(Encoding.UTF8.GetBytes(body));

            decoding.UsageSuspect.ShouldBeFalse();
            var usage = decoding.Usage!;
            (usage.InputTokens, usage.CacheReadTokens, usage.OutputTokens, usage.ReasoningTokens).ShouldBe((input - cached, cached, output - reasoning, reasoning));
        },
        seed: Seed, iter: Cases, threads: 1);

    private static ChatRequest RequestOf((string User, string Answer, (string Name, string Arguments, string Result)[] Calls)[] conversation)
    {
        var request = Wire.FromOpenAI("""
            "max_tokens":100,"tool_choice":"required","parallel_tool_calls":false,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","n":1.0}}},{"type":"function","function":{"name":"get_weather","parameters":{"type":"object"}}}],
            "messages":[{"role":"system","content":"Be brief."}]
            """);
        foreach (var (turn, (user, answer, calls)) in conversation.Index())
        {
            request.Messages.Add(new Message { Role = Role.User, PlainContent = true, Parts = { TextPart(user) } });
            var assistant = new Message { Role = Role.Assistant, PlainContent = answer.Length > 0 };
            if (answer.Length > 0)
                assistant.Parts.Add(TextPart(answer));
            assistant.Parts.AddRange(calls.Select((call, i) => new Part { ToolCall = new ToolCall { Id = $"call_{turn}_{i}", Name = call.Name, Arguments = call.Arguments } }));
            request.Messages.Add(assistant);
            foreach (var (i, call) in calls.Index())
                request.Messages.Add(new Message { Role = Role.Tool, PlainContent = true, Parts = { new Part { ToolResult = new ToolResult { ToolCallId = $"call_{turn}_{i}", Parts = { TextPart(call.Result) } } } } });
        }

        return request;
    }

    private static IEnumerable<string> Lines(Message message) => message.Parts.Select(part => part.ContentCase switch
    {
        Part.ContentOneofCase.ToolCall => $"call {part.ToolCall.Id} {part.ToolCall.Name} {part.ToolCall.Arguments}",
        Part.ContentOneofCase.ToolResult => $"result {part.ToolResult.ToolCallId} {part.ToolResult.Parts[0].Text.Text_}",
        _ => $"{message.Role} {part.Text.Text_}",
    });

    private static Part TextPart(string text) => new() { Text = new Text { Text_ = text } };
}
