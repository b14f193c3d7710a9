using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class RequestRoundTripTests
{
    private static readonly OpenAIRequestTarget Target = new() { Model = "m", Stream = true, MaxTokensField = "max_completion_tokens", DeveloperRole = true, IncludeUsage = true };

    private static readonly Gen<string> Texts = Gen.String[Gen.Char["ab \"\\\n\té你/<>&'\u2028{}"], 0, 12];
    private static readonly Gen<string> Names = Gen.Char['a', 'z'].Array[1, 6].Select(letters => new string(letters));
    private static readonly Gen<string> Numbers = Gen.OneOf("1.0", "1e2", "-0", "0.10", "12345678901234567890123", "1E-7", "3");
    private static readonly Gen<string> Scalars = Gen.OneOf(Texts.Select(Quote), Numbers, Gen.OneOf("true", "null"));
    private static readonly Gen<string> Values = Gen.OneOf(Scalars, Scalars.Array[0, 3].Select(items => $"[{string.Join(", ", items)}]"), MembersOf("v_", Scalars).Select(Object));

    private static readonly Gen<string> ContentParts = Gen.OneOf(
        Gen.Select(Texts, Members("x_"), (text, extra) => Object(["\"type\":\"text\"", $"\"text\":{Quote(text)}", .. extra])),
        Gen.Select(Texts, Members("x_"), Members("y_"), (url, extra, inner) => Object(["\"type\":\"image_url\"", $"\"image_url\":{Object([$"\"url\":{Quote(url)}", "\"detail\":\"low\"", .. inner])}", .. extra])),
        Gen.Select(Texts, Members("y_"), (data, inner) => Object(["\"type\":\"file\"", $"\"file\":{Object([$"\"file_data\":{Quote("d" + data)}", "\"filename\":\"a.pdf\"", .. inner])}"])),
        Members("z_").Select(extra => Object(["\"type\":\"video_url\"", .. extra])));

    private static readonly Gen<string> Contents = Gen.OneOf(Texts.Select(Quote), ContentParts.Array[1, 4].Select(parts => $"[{string.Join(",", parts)}]"));

    private static readonly Gen<string> ToolCalls = Gen.Select(Names, Texts, Members("x_"), Members("y_"), (name, arguments, extra, inner) =>
        Object([$"\"id\":\"call_{name}\"", "\"type\":\"function\"", $"\"function\":{Object([$"\"name\":\"{name}\"", $"\"arguments\":{Quote(arguments)}", .. inner])}", .. extra]));

    private static readonly Gen<string> Messages = Gen.OneOf(
        Gen.Select(Gen.OneOf("system", "developer", "user"), Contents, Members("x_"), (role, content, extra) => Object([$"\"role\":\"{role}\"", $"\"content\":{content}", .. extra])),
        Gen.Select(Contents, Texts, ToolCalls.Array[1, 3], Members("x_"), (content, reasoning, calls, extra) =>
            Object(["\"role\":\"assistant\"", $"\"content\":{content}", $"\"reasoning_content\":{Quote(reasoning)}", $"\"tool_calls\":[{string.Join(",", calls)}]", .. extra])),
        Gen.Select(ToolCalls.Array[1, 2], Gen.OneOf("\"refusal\":\"no\"", "\"name\":\"bob\""), (calls, other) =>
            Object(["\"role\":\"assistant\"", "\"content\":null", other, $"\"tool_calls\":[{string.Join(",", calls)}]"])),
        Gen.Select(Contents, Members("x_"), (content, extra) => Object(["\"role\":\"tool\"", "\"tool_call_id\":\"c\"", $"\"content\":{content}", .. extra])));

    private static readonly Gen<string> Tools = Gen.OneOf(
        Gen.Select(Names, Members("p_"), Members("x_"), Members("y_"), (name, schema, extra, inner) =>
            Object(["\"type\":\"function\"", $"\"function\":{Object([$"\"name\":\"{name}\"", "\"strict\":true", $"\"parameters\":{Object(schema)}", .. inner])}", .. extra])),
        Members("x_").Select(extra => Object(["\"type\":\"web_search\"", .. extra])));

    private static readonly Gen<string[]> Settings = Gen.OneOf(
        "\"temperature\":0.25", "\"top_p\":0.5", "\"top_k\":40", "\"seed\":-5", "\"n\":3", "\"stop\":[\"a\",\"b\"]", "\"max_completion_tokens\":9", "\"parallel_tool_calls\":false",
        "\"reasoning_effort\":\"low\"", "\"reasoning\":{\"effort\":\"high\",\"exclude\":true}", "\"logprobs\":true,\"top_logprobs\":2", "\"metadata\":{\"k\":\"v\"}", "\"service_tier\":\"flex\"",
        "\"prompt_cache_key\":\"p\"", "\"logit_bias\":{\"7\":-1.5}", "\"tool_choice\":\"required\"", "\"frequency_penalty\":-1", "\"presence_penalty\":1.5",
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"description\":\"d\",\"strict\":false,\"schema\":{\"x\":1.50}}}",
        "\"thinking\":{\"type\":\"enabled\",\"keep\":\"all\"}", "\"enable_thinking\":false").Array[0, 6];

    [Fact]
    public void Request_of_the_same_protocol_keeps_equal_json_values()
    {
        Gen.Select(Messages.Array[1, 5], Tools.Array[1, 3], Settings, Members("u_")).Sample((messages, tools, settings, extra) =>
        {
            var unique = settings.DistinctBy(setting => setting.Split(':')[0]);
            string[] members =
            [
                "\"model\":\"m\"", "\"stream\":true", $"\"messages\":[{string.Join(",", messages)}]", $"\"tools\":[{string.Join(",", tools)}]", "\"stream_options\":{\"include_usage\":true,\"x\":1.0}",
                .. unique, .. extra,
            ];
            var json = Object(members);
            var decoded = RequestDecoderTests.Decode(json);
            var encoded = OpenAIChatRequestEncoder.Encode(decoded.Request, Target);
            AssertEqual(json, Encoding.UTF8.GetString(encoded.Body.Span));
            encoded.Warnings.ShouldBeEmpty();
        }, iter: 1_500);
    }

    private static Gen<string[]> Members(string prefix) => MembersOf(prefix, Values);

    private static Gen<string[]> MembersOf(string prefix, Gen<string> values) =>
        Gen.Select(Names, values, (name, value) => (Name: prefix + name, Value: value)).Array[0, 2]
            .Select(members => members.DistinctBy(member => member.Name).Select(member => $"\"{member.Name}\": {member.Value}").ToArray());

    private static string Object(string[] members) => "{" + string.Join(",", members) + "}";

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    // Unknown members must keep the notation of their numbers, so they are compared by their text.
    private static void AssertEqual(string expected, string actual) => Canonical(actual).ShouldBe(Canonical(expected));

    private static string Canonical(string json) => Canonical(JsonNode.Parse(json));

    private static string Canonical(JsonNode? node) => node switch
    {
        JsonObject members => "{" + string.Join(",", members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => Quote(member.Key) + ":" + Canonical(member.Value))) + "}",
        JsonArray items => "[" + string.Join(",", items.Select(Canonical)) + "]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Quote(value.GetValue<string>()),
        null => "null",
        _ => node.ToJsonString(),
    };
}
