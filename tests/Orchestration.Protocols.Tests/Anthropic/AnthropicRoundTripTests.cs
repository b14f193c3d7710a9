using System.Buffers;
using CsCheck;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicRoundTripTests
{
    private const int Cases = 600;
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcdefgh XYZ.,é四\"\\\n"], 1, 12].Where(text => !string.IsNullOrWhiteSpace(text));

    private static readonly Gen<string> Arguments = Gen.OneOf(
        "{}", "{ \"a\" : 1.0 }", "{\"b\":12345678901234567890}", "{\"c\":\"\\u00e9\"}", "{\"d\":[1,{\"e\":null}],\"f\":true}", "{\"x\":1e5, \"y\":\"四\"}");

    private static readonly Gen<string> Name = Gen.OneOf("f", "get_weather", "tool-3");

    private static readonly Gen<(string Name, string Arguments, string Result)[]> Step = Gen.Select(Name, Arguments, Gen.OneOf(Word, Gen.Const("")), (n, a, r) => (n, a, r)).Array[1, 4];

    private static readonly Gen<(string User, string Answer, (string Name, string Arguments, string Result)[] Calls)[]> Conversations =
        Gen.Select(Word, Gen.OneOf(Word, Gen.Const("")), Step, (u, t, c) => (u, t, c)).Array[1, 4];

    private static readonly Gen<Usage> Usages = Gen.Select(
        Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Long[0, 100_000], Gen.Long[0, 100_000],
        (input, read, written, hour, output, thinking) => new Usage
        {
            InputTokens = input, CacheReadTokens = read, CacheWriteTokens = written, CacheWrite1HTokens = hour, OutputTokens = output, ReasoningTokens = thinking, Source = UsageSource.Provider,
        });

    [Fact]
    public void Tools_calls_results_and_texts_survive_the_way_through_anthropic() => Conversations.Sample(
        conversation =>
        {
            var original = RequestOf(conversation);
            var encoded = Wire.ToAnthropic(original);
            encoded.Warnings.ShouldBeEmpty();
            var back = AnthropicRequestDecoder.Decode(encoded.Body).ShouldBeOfType<ChatRequestDecoding.Decoded>().Request;
            var final = OpenAIChatRequestDecoder.Decode(Wire.ToOpenAI(back).Body).ShouldBeOfType<ChatRequestDecoding.Decoded>().Request;

            Lines(back).ShouldBe(Lines(original));
            Lines(final).ShouldBe(Lines(original));
            final.Tools.Select(tool => $"{tool.Name}|{tool.Description}|{tool.Parameters}").ShouldBe(original.Tools.Select(tool => $"{tool.Name}|{tool.Description}|{tool.Parameters}"));
            (final.ToolChoice.Mode, final.ParallelToolCalls, final.MaxOutputTokens).ShouldBe((original.ToolChoice.Mode, original.ParallelToolCalls, original.MaxOutputTokens));
        },
        seed: Seed, iter: Cases, threads: 1);

    [Fact]
    public void Usage_keeps_its_sums_per_class_through_both_protocols() => Usages.Sample(
        usage =>
        {
            var completion = Completion(usage);
            AnthropicResponseDecoder.Decode(Written(output => AnthropicResponseEncoder.Write(output, completion, null, "m"))).Usage.ShouldBe(usage);

            var openAI = OpenAIChatResponseDecoder.Decode(Written(output => OpenAIChatCompletionEncoder.Write(output, completion, new OrchestrationFacts(), "m"))).Usage!;
            (openAI.InputTokens, openAI.CacheReadTokens, openAI.CacheWriteTokens + openAI.CacheWrite1HTokens).ShouldBe((usage.InputTokens, usage.CacheReadTokens, usage.CacheWriteTokens + usage.CacheWrite1HTokens));
            (openAI.OutputTokens, openAI.ReasoningTokens).ShouldBe((usage.OutputTokens, usage.ReasoningTokens));

            var again = AnthropicResponseDecoder.Decode(Written(output => AnthropicResponseEncoder.Write(output, Completion(openAI), null, "m"))).Usage;
            again.ShouldBe(openAI);
        },
        seed: Seed, iter: Cases, threads: 1);

    [Fact]
    public void Streamed_answer_is_the_same_behind_either_client() => Conversations.Sample(
        conversation =>
        {
            var events = AnswerOf(conversation[0]);
            var direct = new ChatCompletionBuilder("r");
            events.ForEach(direct.Add);
            var anthropic = AnthropicRun.Of(Wire.Encode([.. events, new ChatEvent { Summary = new Summary() }]));

            anthropic.Decoder.Failure.ShouldBeNull();
            anthropic.Fold().Choices[0].Message.ShouldBe(direct.Build().Choices[0].Message);
        },
        seed: Seed, iter: Cases, threads: 1);

    private static ChatRequest RequestOf((string User, string Answer, (string Name, string Arguments, string Result)[] Calls)[] conversation)
    {
        var request = Wire.FromOpenAI("""
            "max_tokens":100,"tool_choice":"required","parallel_tool_calls":false,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","n":1.0}}},{"type":"function","function":{"name":"get_weather","parameters":{"type":"object"}}},{"type":"function","function":{"name":"tool-3","parameters":{"type":"object"}}}],
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

    // Both protocols may join messages; what was said by whom in which order is what must not change.
    private static IReadOnlyList<string> Lines(ChatRequest request) =>
        [.. request.Messages.SelectMany(message => message.Parts.Select(part => part.ContentCase switch
        {
            Part.ContentOneofCase.ToolCall => $"call {part.ToolCall.Id} {part.ToolCall.Name} {part.ToolCall.Arguments}",
            Part.ContentOneofCase.ToolResult => $"result {part.ToolResult.ToolCallId} {string.Concat(part.ToolResult.Parts.Select(inner => inner.Text.Text_))}",
            _ => $"{message.Role} {part.Text.Text_}",
        }))];

    private static List<ChatEvent> AnswerOf((string User, string Answer, (string Name, string Arguments, string Result)[] Calls) turn)
    {
        List<ChatEvent> events = [new() { ResponseStarted = new ResponseStarted() }, Start(0, PartKind.Text), Delta(0, turn.User), Stop(0)];
        var calls = turn.Calls.Index().ToList();
        events.AddRange(calls.Select(call => Start(call.Index + 1, PartKind.ToolCall, new ToolCall { Id = $"c{call.Index}", Name = call.Item.Name })));
        // Fragments of parallel calls come in turn.
        events.AddRange(calls.Select(call => Delta(call.Index + 1, call.Item.Arguments[..1])));
        events.AddRange(calls.Select(call => Delta(call.Index + 1, call.Item.Arguments[1..])));
        events.AddRange(calls.Select(call => Stop(call.Index + 1)));
        events.Add(new ChatEvent { Finish = new Finish { Reason = FinishReason.ToolCalls } });
        return events;
    }

    private static ChatEvent Start(int index, PartKind kind, ToolCall? call = null) => new() { PartStart = new PartStart { PartIndex = index, Kind = kind, ToolCall = call } };

    private static ChatEvent Delta(int index, string text) => new() { PartDelta = new PartDelta { PartIndex = index, Text = text } };

    private static ChatEvent Stop(int index) => new() { PartStop = new PartStop { PartIndex = index } };

    private static Part TextPart(string text) => new() { Text = new Text { Text_ = text } };

    private static ChatCompletion Completion(Usage usage) => new()
    {
        RequestId = "r",
        Usage = usage,
        Choices = { new Choice { Message = new Message { Role = Role.Assistant, Parts = { TextPart("a") } }, Finish = new Finish { Reason = FinishReason.Stop } } },
    };

    private static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
