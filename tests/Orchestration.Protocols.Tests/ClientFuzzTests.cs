using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Gemini;
using Orchestration.Protocols.Ollama;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Responses;

namespace Orchestration.Protocols.Tests;

/// <summary>Whatever a client puts where: a request is read or refused, and what was read can be said to every kind of provider.</summary>
public sealed class ClientFuzzTests
{
    private const int Cases = 1_500;
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "1e300", "99999999999999999999", "\"\"", "\"x\"", "\"{}\"", "[]", "[null]", "[[]]", "[{}]", "{}", "{\"type\":\"text\"}",
        "{\"type\":5}", "{\"type\":\"function\"}", "{\"type\":\"tool_use\",\"input\":[]}", "[{\"type\":\"input_image\"}]", "[{\"role\":\"assistant\",\"content\":null}]", "\"\\u0000\"", "\"data:,\"",
    ];

    private static readonly Dictionary<string, (string Body, Func<ReadOnlyMemory<byte>, ChatRequestDecoding> Decode)> Protocols = new()
    {
        ["chat"] = ("""
            {"model":"m","max_tokens":5,"temperature":0.5,"stop":["a"],"metadata":{"a":"b"},"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},"stream_options":{"include_usage":true},
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}},{"type":"custom","custom":{"name":"c"}}],"tool_choice":{"type":"function","function":{"name":"f"}},"reasoning_effort":"low","logit_bias":{"1":1},
            "messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://a.example/b"}},{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA"}},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]},
            {"role":"assistant","content":null,"reasoning_content":"r","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"}]}
            """, OpenAIChatRequestDecoder.Decode),
        ["messages"] = ("""
            {"model":"m","max_tokens":5,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"temperature":0.5,"top_k":3,"stop_sequences":["a"],"metadata":{"user_id":"u"},"thinking":{"type":"enabled","budget_tokens":1024},
            "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}},"tools":[{"name":"f","input_schema":{"type":"object"},"strict":true},{"type":"web_search_20250305","name":"web_search"}],"tool_choice":{"type":"tool","name":"f"},
            "messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"hi"},"title":"t"}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"h","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"b"},{"type":"tool_use","id":"t1","name":"f","input":{"x":1},"caller":{"type":"direct"}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"ok"}],"is_error":true}]}]}
            """, AnthropicRequestDecoder.Decode),
        ["responses"] = ("""
            {"model":"m","instructions":"i","max_output_tokens":20,"temperature":0.5,"top_logprobs":2,"metadata":{"a":"b"},"include":["reasoning.encrypted_content"],"reasoning":{"effort":"low","summary":"auto"},"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}},"verbosity":"low"},
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":true},{"type":"custom","name":"c","format":{"type":"text"}},{"type":"web_search"}],"tool_choice":{"type":"function","name":"f"},"stream_options":{},
            "input":[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"https://a.example/b"},{"type":"input_file","file_data":"AAAA","filename":"a.pdf"},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]},
            {"type":"reasoning","summary":[{"type":"summary_text","text":"h"}],"encrypted_content":"e"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"b","annotations":[]},{"type":"refusal","refusal":"r"}]},
            {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"custom_tool_call","call_id":"c2","name":"c","input":"x"},{"type":"function_call_output","call_id":"c1","output":"1"},{"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"2"}]}]}
            """, ResponsesRequestDecoder.Decode),
    };

    public static TheoryData<string> Names => [.. Protocols.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Unspoilt_request_is_read_and_said_to_every_provider(string name)
    {
        var (body, decode) = Protocols[name];

        SayToAll(decode(Encoding.UTF8.GetBytes(body)).ShouldBeOfType<ChatRequestDecoding.Decoded>().Request);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Spoilt_request_is_read_or_refused_and_never_a_defect(string name)
    {
        var (body, decode) = Protocols[name];
        var (read, refused) = (0, 0);
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, Values.Length - 1], Gen.Bool).Array[1, 3].Sample(
            spoils =>
            {
                switch (decode(Encoding.UTF8.GetBytes(Spoil(body, spoils))))
                {
                    case ChatRequestDecoding.Decoded decoded:
                        read++;
                        SayToAll(decoded.Request);
                        break;
                    case ChatRequestDecoding.Rejected rejected:
                        refused++;
                        (rejected.Failure.Code.Length, rejected.Failure.Message.Length).ShouldSatisfyAllConditions(
                            lengths => lengths.Item1.ShouldBePositive(), lengths => lengths.Item2.ShouldBePositive());
                        break;
                }
            },
            seed: Seed, iter: Cases, threads: 1);
        read.ShouldBeGreaterThan(20);
        refused.ShouldBeGreaterThan(20);
    }

    private static void SayToAll(ChatRequest request)
    {
        Parse(OpenAIChatRequestEncoder.Encode(request, new OpenAIRequestTarget { Model = "m", Stream = true }));
        Parse(AnthropicRequestEncoder.Encode(request, new AnthropicRequestTarget { Model = "m", Stream = true, Origin = "a/m", MaxOutputTokens = 64_000, Rules = new() }));
        Parse(ResponsesRequestEncoder.Encode(request, new ResponsesRequestTarget { Model = "m", Stream = true, Origin = "o/m" }));
        Parse(GeminiRequestEncoder.Encode(request, new GeminiRequestTarget { Origin = "g/m" }));
        Parse(OllamaRequestEncoder.Encode(request, new OllamaRequestTarget { Model = "m", Stream = true }));
        TextMeasure.Measure(request).Bytes.ShouldBeGreaterThanOrEqualTo(0);
    }

    private static void Parse(EncodedRequest encoded)
    {
        if (encoded.Refused is null)
            JsonNode.Parse(encoded.Body.Span).ShouldNotBeNull();
    }

    private static string Spoil(string body, (int Place, int Value, bool Removes)[] spoils)
    {
        var root = JsonNode.Parse(body)!;
        foreach (var (place, value, removes) in spoils)
        {
            var all = Places(root).ToList();
            var (parent, name, index) = all[place % all.Count];
            var spoilt = JsonNode.Parse(Values[value]);
            if (parent is JsonObject members && removes)
                members.Remove(name);
            else if (parent is JsonObject named)
                named[name] = spoilt;
            else
                ((JsonArray)parent)[index] = spoilt;
        }

        return root.ToJsonString();
    }

    private static IEnumerable<(JsonNode Parent, string Name, int Index)> Places(JsonNode? node)
    {
        var own = node switch
        {
            JsonObject members => members.Select(member => ((JsonNode)members, member.Key, 0)),
            JsonArray items => items.Index().Select(item => ((JsonNode)items, "", item.Index)),
            _ => [],
        };
        foreach (var (parent, name, index) in own.ToList())
        {
            yield return (parent, name, index);
            foreach (var inner in Places(parent is JsonObject members ? members[name] : parent[index]))
                yield return inner;
        }
    }
}
