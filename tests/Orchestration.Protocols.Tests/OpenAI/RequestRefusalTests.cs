using System.Text;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class RequestRefusalTests
{
    private const string Head = """{"model":"m","messages":[{"role":"user","content":"q"}]""";

    public static TheoryData<string, string, string> Members() => new()
    {
        { Head + ""","n":1000}""", "n", "integer_above_max_value" },
        { Head + ""","n":0}""", "n", "integer_below_min_value" },
        { Head + ""","n":1.5}""", "n", "invalid_type" },
        { Head + ""","max_tokens":2147483648}""", "max_tokens", "integer_above_max_value" },
        { Head + ""","max_completion_tokens":0}""", "max_completion_tokens", "integer_below_min_value" },
        { Head + ""","max_tokens":"5"}""", "max_tokens", "invalid_type" },
        { Head + ""","temperature":2.1}""", "temperature", "decimal_above_max_value" },
        { Head + ""","temperature":1e999}""", "temperature", "decimal_above_max_value" },
        { Head + ""","top_p":-0.1}""", "top_p", "decimal_below_min_value" },
        { Head + ""","top_logprobs":5}""", "top_logprobs", "invalid_value" },
        { Head + ""","logprobs":true,"top_logprobs":21}""", "top_logprobs", "integer_above_max_value" },
        { Head + ""","seed":99999999999999999999}""", "seed", "invalid_type" },
        { Head + ""","stop":[1]}""", "stop[0]", "invalid_type" },
        { Head + ""","stop":[""" + string.Join(',', Enumerable.Repeat("\"a\"", 65)) + "]}", "stop", "array_above_max_length" },
        { Head + ""","logit_bias":{"1":101}}""", "logit_bias.1", "decimal_above_max_value" },
        { Head + ""","metadata":{"a":1}}""", "metadata.a", "invalid_type" },
        { Head + ""","metadata":{""" + string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\":\"v\"")) + "}}", "metadata", "object_above_max_properties" },
        { Head + ""","tools":[""" + string.Join(',', Enumerable.Repeat("""{"type":"function","function":{"name":"f"}}""", 1_025)) + "]}", "tools", "array_above_max_length" },
        { Head + ""","tools":[{"type":"function","function":{}}]}""", "tools[0].function.name", "missing_required_parameter" },
        { Head + ""","tools":[{"type":"function","function":{"name":"f","parameters":[]}}]}""", "tools[0].function.parameters", "invalid_type" },
        { Head + ""","tools":[{"function":{"name":"f"}},{}]}""", "tools[0].type", "missing_required_parameter" },
        { Head + ""","tool_choice":5}""", "tool_choice", "invalid_type" },
        { Head + ""","response_format":{"type":"json_schema"}}""", "response_format.json_schema", "missing_required_parameter" },
        { """{"model":"m","messages":[{"role":"user","content":"q"},{"role":"robot","content":"q"}]}""", "messages[1].role", "invalid_value" },
        { Head + ""","stream":"yes"}""", "stream", "invalid_type" },
        { Head + ""","stream_options":{"include_usage":1}}""", "stream_options.include_usage", "invalid_type" },
        { Head + ""","orchestration":{"complexity":"huge"}}""", "orchestration.complexity", "invalid_value" },
        { Head + ""","orchestration":{"cost_cap":{"amount":"-1","currency":"USD"}}}""", "orchestration.cost_cap.amount", "invalid_value" },
        { Head + ""","orchestration":{"deadline":0}}""", "orchestration.deadline", "invalid_value" },
        { Head + ""","orchestration":{"colour":1}}""", "orchestration.colour", "unknown_parameter" },
        { """{"messages":[{"role":"user","content":"q"}]}""", "model", "missing_required_parameter" },
        { """{"model":"m"}""", "messages", "missing_required_parameter" },
        { """{"model":"m","messages":[]}""", "messages", "empty_array" },
        { """{"model":"m","messages":{}}""", "messages", "invalid_type" },
        { """{"model":"m","messages":["x"]}""", "messages[0]", "invalid_type" },
        { """{"model":"m","messages":[{"content":"q"}]}""", "messages[0].role", "missing_required_parameter" },
        { """{"model":"m","messages":[{"role":7,"content":"q"}]}""", "messages[0].role", "invalid_type" },
        { """{"model":"m","messages":[{"role":"user"}]}""", "messages[0].content", "missing_required_parameter" },
        { """{"model":"m","messages":[{"role":"user","content":"a"},{"role":"user","content":5}]}""", "messages[1].content", "invalid_type" },
        { """{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text", "missing_required_parameter" },
        { """{"model":"m","messages":[{"role":"user","content":[{"text":"a"}]}]}""", "messages[0].content[0].type", "missing_required_parameter" },
        { """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}""", "messages[0].content[0].image_url.url", "missing_required_parameter" },
        { """{"model":"m","messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id", "missing_required_parameter" },
        { """{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"arguments":"{}"}}]}]}""", "messages[0].tool_calls[0].function.name", "missing_required_parameter" },
        { """{"model":"m","messages":[{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]}]}""", "messages[0].tool_calls[0].id", "missing_required_parameter" },
        { """{"model":"m","messages":[""" + string.Join(',', Enumerable.Repeat("""{"role":"user","content":"q"}""", 10_001)) + "]}", "messages", "array_above_max_length" },
        { $$"""{"model":"{{new string('m', 257)}}","messages":[{"role":"user","content":"q"}]}""", "model", "string_above_max_length" },
        { "[]", "", "invalid_type" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void Wrong_member_is_named(string json, string param, string code)
    {
        var failure = Refuse(Encoding.UTF8.GetBytes(json));
        failure.FailureClass.ShouldBe(FailureClass.InvalidRequest);
        failure.Param.ShouldBe(param);
        failure.Code.ShouldBe(code);
        failure.Message.Length.ShouldBeInRange(10, 400);
    }

    public static TheoryData<string> Broken() => new(
        "", " ", "{", """{"model":"m","model":"m2","messages":[]}""", """{"model":"m","mod\u0065l":"m2"}""", Head + ""","x":{"a":1,"a":2}}""", Head + ",}",
        Head + "} x", Head + "}{}", Head + "/* c */}", "\uFEFF" + Head + "}", Head + ""","x":"\ud83d"}""", Head + ""","\uDC00":1}""", Head + ""","x":01}""", Head + ""","x":NaN}""",
        "{\"model\":\"m\",\"messages\":" + new string('[', 100_000));

    [Theory]
    [MemberData(nameof(Broken))]
    public void Broken_json_is_refused(string json) => Refuse(Encoding.UTF8.GetBytes(json)).Code.ShouldBe("invalid_json");

    [Fact]
    public void Invalid_utf8_and_utf16_are_refused()
    {
        Refuse([.. "{\"model\":\""u8, 0xFF, .. "\"}"u8]).Code.ShouldBe("invalid_json");
        Refuse(Encoding.Unicode.GetBytes(Head + "}")).Code.ShouldBe("invalid_json");
    }

    [Fact]
    public void Depth_is_limited_to_64()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(Head + ",\"x\":" + new string('[', depth) + new string(']', depth) + "}");
        OpenAIChatRequestDecoder.Decode(Nested(63)).ShouldBeOfType<ChatRequestDecoding.Decoded>();
        Refuse(Nested(64)).Code.ShouldBe("invalid_json");
    }

    [Fact]
    public void Whole_surrogate_pairs_huge_numbers_and_minus_zero_are_fine()
    {
        var json = Head + ""","x":"\ud83d\ude42","y":123456789012345678901234567890,"z":-0,"w":1e999}""";
        RequestDecoderTests.Decode(json).Request.Extensions.ShouldBe("""{"x":"\ud83d\ude42","y":123456789012345678901234567890,"z":-0,"w":1e999}""");
    }

    private static Failure Refuse(byte[] json) => OpenAIChatRequestDecoder.Decode(json).ShouldBeOfType<ChatRequestDecoding.Rejected>().Failure;
}
