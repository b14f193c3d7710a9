using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Gemini;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Tests.OpenAI;

namespace Orchestration.Protocols.Tests.Gemini;

/// <summary>Nothing of tools, signatures and usage is lost between Gemini and the protocols of clients.</summary>
public sealed class GeminiRoundTripTests
{
    private const int Cases = 600;
    private const string Origin = "google/gemini-3-pro";

    private static readonly GeminiRequestTarget Target = new() { Origin = Origin, Rule = new GeminiModelRule { SignedCalls = false } };

    private static readonly Gen<string> Texts = Gen.String[Gen.Char["ab \"\\\n\té你🙂/<>&'{}"], 1, 12].Select(text => "t" + text.Replace("\ud83d", "", StringComparison.Ordinal).Replace("\ude42", "", StringComparison.Ordinal));
    private static readonly Gen<string> Names = Gen.Char['a', 'z'].Array[1, 6].Select(letters => new string(letters));
    private static readonly Gen<string> Numbers = Gen.OneOf("1.0", "1e2", "0.10", "12345678901234567890123", "3");
    private static readonly Gen<string> Arguments = Gen.Select(Names, Gen.OneOf(Texts.Select(Quote), Numbers, Gen.OneOf("true", "null", "[]", "{\"x\":[1,{\"y\":2.50}]}")), (name, value) => $"\"{name}\":{value}")
        .Array[0, 3].Select(members => "{" + string.Join(",", members.DistinctBy(member => member.Split(':')[0])) + "}");

    private static readonly Gen<(string Name, string Arguments, string Result)> Steps = Gen.Select(Names, Arguments, Gen.OneOf(Texts, Arguments.Select(text => text == "{}" ? "{\"k\":1}" : text)));

    private static readonly Gen<(string Text, (string Name, string Arguments, string Result)[] Calls)> Turns = Gen.Select(Texts, Steps.Array[0, 4]);

    [Fact]
    public void Tools_of_openai_clients_reach_the_model_whole()
    {
        Gen.Select(Texts, Turns.Array[1, 4], Names.Array[1, 3], (opening, turns, tools) => (opening, turns, tools)).Sample(sample =>
        {
            var (json, expected) = OpenAIConversation(sample.opening, sample.turns);
            var tools = sample.tools.Distinct().ToList();
            var declared = string.Join(",", tools.Select(tool => "{\"type\":\"function\",\"function\":{\"name\":\"" + tool + "\",\"description\":\"d " + tool + "\",\"parameters\":" + Schema(tool) + "}}"));

            var encoded = GeminiRequestEncoder.Encode(RequestDecoderTests.Decode($$"""{"model":"m","messages":[{{json}}],"tools":[{{declared}}]}""").Request, Target);

            var body = GeminiBody.Read(encoded.Body);
            body.Lines.ShouldBe(expected);
            body.Declarations().ShouldBe(tools.Select(tool => $"{tool} d {tool} {Schema(tool)}"));
            encoded.Warnings.ShouldBeEmpty();
        }, iter: Cases);
    }

    [Fact]
    public void Tools_of_anthropic_clients_reach_the_model_whole()
    {
        Gen.Select(Texts, Turns.Array[1, 4]).Sample((opening, turns) =>
        {
            var (json, expected) = AnthropicConversation(opening, turns);
            var decoded = AnthropicRequestDecoder.Decode(System.Text.Encoding.UTF8.GetBytes($$"""{"model":"m","max_tokens":9,"messages":[{{json}}]}""")).ShouldBeOfType<ChatRequestDecoding.Decoded>();

            var encoded = GeminiRequestEncoder.Encode(decoded.Request, Target);

            GeminiBody.Read(encoded.Body).Lines.ShouldBe(expected);
            encoded.Warnings.ShouldBeEmpty();
        }, iter: Cases);
    }

    [Fact]
    public void Answer_comes_back_through_an_openai_client_as_the_model_gave_it()
    {
        Gen.Select(Texts, Steps.Array[1, 4], Gen.Bool).Sample((text, calls, signsText) =>
        {
            var answer = Answer(text, calls, signsText);
            var output = new ArrayBufferWriter<byte>();
            OpenAIChatCompletionEncoder.Write(output, answer.Fold(), new OrchestrationFacts(), "m");
            var message = JsonNode.Parse(output.WrittenSpan)!["choices"]![0]!["message"]!.ToJsonString();
            var results = string.Join(",", Ids(answer).Zip(calls, (id, call) => $$"""{"role":"tool","tool_call_id":"{{id}}","content":{{Quote(call.Result)}}}"""));

            var encoded = GeminiRequestEncoder.Encode(RequestDecoderTests.Decode($$"""{"model":"m","messages":[{"role":"user","content":"x"},{{message}},{{results}}]}""").Request, Target);

            AssertReturned(encoded, text, calls, signsText, answer);
        }, iter: Cases);
    }

    [Fact]
    public void Calls_come_back_through_an_anthropic_client_as_the_model_gave_them()
    {
        Gen.Select(Texts, Steps.Array[1, 4]).Sample((text, calls) =>
        {
            var answer = Answer(text, calls, signsText: false);
            var output = new ArrayBufferWriter<byte>();
            AnthropicResponseEncoder.Write(output, answer.Fold(), new OrchestrationFacts(), "m");
            var content = JsonNode.Parse(output.WrittenSpan)!["content"]!;
            var ids = content.AsArray().Where(block => block!["type"]!.GetValue<string>() == "tool_use").Select(block => block!["id"]!.GetValue<string>()).ToList();
            var results = string.Join(",", ids.Zip(calls, (id, call) => $$"""{"type":"tool_result","tool_use_id":"{{id}}","content":{{Quote(call.Result)}}}"""));
            var json = $$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":{{content.ToJsonString()}}},{"role":"user","content":[{{results}}]}]}""";
            var decoded = AnthropicRequestDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(json)).ShouldBeOfType<ChatRequestDecoding.Decoded>();

            var encoded = GeminiRequestEncoder.Encode(decoded.Request, Target);

            ids.Count.ShouldBe(calls.Length);
            AssertReturned(encoded, text, calls, signsText: false, answer, ids);
        }, iter: Cases);
    }

    [Fact]
    public void Usage_is_the_same_for_clients_of_both_protocols_as_the_provider_reported_it()
    {
        var counts = Gen.Int[0, 100_000];
        Gen.Select(counts, counts, counts, counts, counts).Sample((prompt, cachedShare, tools, visible, thoughts) =>
        {
            var cached = prompt == 0 ? 0 : cachedShare % (prompt + 1);
            var total = prompt + tools + visible + thoughts;
            var metadata = $"{{\"promptTokenCount\":{prompt},\"cachedContentTokenCount\":{cached},\"toolUsePromptTokenCount\":{tools},\"candidatesTokenCount\":{visible},\"thoughtsTokenCount\":{thoughts},\"totalTokenCount\":{total}}}";
            var body = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":" + metadata + "}";
            var decoding = GeminiResponseDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatResponseDecoding.Decoded>();
            var completion = VendorRun.Fold(decoding.Events);

            var openAI = Written(output => OpenAIChatCompletionEncoder.Write(output, completion, new OrchestrationFacts(), "m"));
            var anthropic = Written(output => AnthropicResponseEncoder.Write(output, completion, new OrchestrationFacts(), "m"));

            Counts(openAI, "prompt_tokens", "completion_tokens", "total_tokens").ShouldBe([prompt + tools, visible + thoughts, total]);
            Counts(openAI["prompt_tokens_details"]!, "cached_tokens").ShouldBe([cached]);
            Counts(openAI["completion_tokens_details"]!, "reasoning_tokens").ShouldBe([thoughts]);
            Counts(anthropic, "input_tokens", "cache_read_input_tokens", "output_tokens").ShouldBe([prompt + tools - cached, cached, visible + thoughts]);
            decoding.UsageSuspect.ShouldBeFalse();
        }, iter: Cases);
    }

    private static (string Json, List<string> Lines) OpenAIConversation(string opening, (string Text, (string Name, string Arguments, string Result)[] Calls)[] turns)
    {
        var messages = new List<string> { $$"""{"role":"user","content":{{Quote(opening)}}}""" };
        var lines = new List<string> { $"user {opening}".TrimEnd() };
        foreach (var (turn, (text, calls)) in turns.Index())
        {
            var written = string.Join(",", calls.Select((call, i) => $"{{\"id\":\"c{i}\",\"type\":\"function\",\"function\":{{\"name\":\"{call.Name}\",\"arguments\":{Quote(call.Arguments)}}}}}"));
            messages.Add($"{{\"role\":\"assistant\",\"content\":{Quote(text)}{(calls.Length > 0 ? $",\"tool_calls\":[{written}]" : "")}}}");
            // Results come back in any order.
            messages.AddRange(calls.Select((call, i) => $$"""{"role":"tool","tool_call_id":"c{{i}}","content":{{Quote(call.Result)}}}""").Reverse());
            messages.Add($$"""{"role":"user","content":"next {{turn}}"}""");
            AddLines(lines, text, calls, i => $"c{i}");
            lines.Add($"user next {turn}");
        }

        return (string.Join(",", messages), lines);
    }

    private static (string Json, List<string> Lines) AnthropicConversation(string opening, (string Text, (string Name, string Arguments, string Result)[] Calls)[] turns)
    {
        var messages = new List<string> { $$"""{"role":"user","content":{{Quote(opening)}}}""" };
        var lines = new List<string> { $"user {opening}".TrimEnd() };
        foreach (var (turn, (text, calls)) in turns.Index())
        {
            var blocks = calls.Select((call, i) => $$"""{"type":"tool_use","id":"toolu_{{turn}}_{{i}}","name":"{{call.Name}}","input":{{call.Arguments}}}""");
            var results = calls.Select((call, i) => $$"""{"type":"tool_result","tool_use_id":"toolu_{{turn}}_{{i}}","content":{{Quote(call.Result)}}}""");
            messages.Add($$"""{"role":"assistant","content":[{{string.Join(",", blocks.Prepend($$"""{"type":"text","text":{{Quote(text)}}}"""))}}]}""");
            messages.Add($$"""{"role":"user","content":[{{string.Join(",", results.Reverse().Append($$"""{"type":"text","text":"next {{turn}}"}"""))}}]}""");
            AddLines(lines, text, calls, i => $"toolu_{turn}_{i}");
            lines.Add($"user next {turn}");
        }

        return (string.Join(",", messages), lines);
    }

    private static void AddLines(List<string> lines, string text, (string Name, string Arguments, string Result)[] calls, Func<int, string> id)
    {
        lines.Add($"model {text}".TrimEnd());
        lines.AddRange(calls.Select((call, i) => $"call {id(i)} {call.Name} {Canonical(call.Arguments)}"));
        lines.AddRange(calls.Select((call, i) => $"result {id(i)} {call.Name} {Canonical(call.Result)}"));
    }

    private static string Schema(string name) => "{\"type\":\"object\",\"properties\":{\"" + name + "\":{\"type\":\"number\",\"minimum\":1.50}}}";

    private static VendorRun Answer(string text, (string Name, string Arguments, string Result)[] calls, bool signsText)
    {
        var parts = calls.Select((call, i) => "{\"functionCall\":{\"name\":\"" + call.Name + "\",\"args\":" + call.Arguments + "}" + (i == 0 ? ",\"thoughtSignature\":\"c2ln\"" : "") + "}");
        var textPart = $"{{\"text\":{Quote(text)}{(signsText ? ",\"thoughtSignature\":\"dGV4dA==\"" : "")}}}";
        return VendorRun.OfEvents(new GeminiStreamDecoder(origin: Origin), GeminiSamples.Stream(GeminiSamples.Parts(textPart), GeminiSamples.Parts(string.Join(",", parts), "STOP")));
    }

    private static List<string> Ids(VendorRun answer) => [.. answer.Events.Where(item => item.PartStart?.ToolCall is not null).Select(item => item.PartStart.ToolCall.Id)];

    private static void AssertReturned(EncodedRequest encoded, string text, (string Name, string Arguments, string Result)[] calls, bool signsText, VendorRun answer, List<string>? ids = null)
    {
        ids ??= Ids(answer);
        var expected = new List<string> { "user x", $"model {text} {(signsText ? "dGV4dA==" : "")}".TrimEnd() };
        expected.AddRange(calls.Select((call, i) => $"call {ids[i]} {call.Name} {Canonical(call.Arguments)} {(i == 0 ? "c2ln" : "")}".TrimEnd()));
        expected.AddRange(calls.Select((call, i) => $"result {ids[i]} {call.Name} {Canonical(call.Result)}"));
        GeminiBody.Read(encoded.Body).Lines.ShouldBe(expected);
        encoded.Warnings.ShouldBeEmpty();
    }

    private static JsonNode Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return JsonNode.Parse(output.WrittenSpan)!["usage"]!;
    }

    private static IEnumerable<int> Counts(JsonNode node, params string[] names) => names.Select(name => node[name]!.GetValue<int>());

    private static string Canonical(string text) => text.StartsWith('{') ? JsonNode.Parse(text)!.ToJsonString() : text;

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
