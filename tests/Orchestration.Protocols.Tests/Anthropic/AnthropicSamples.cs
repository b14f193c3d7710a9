namespace Orchestration.Protocols.Tests.Anthropic;

/// <summary>Streams and bodies as Messages endpoints write them, from their wire facts. None was made with this library.</summary>
internal static class AnthropicSamples
{
    public const string Body = """
        {"model":"claude-sonnet-4-5-20250929","id":"msg_0124","type":"message","role":"assistant","content":[{"type":"text","text":"Four."}],"stop_reason":"end_turn","stop_sequence":null,
        "usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":4,"service_tier":"standard","inference_geo":"not_available"}}
        """;

    public const string ThinkingToolBody = """
        {"model":"claude-sonnet-4-5-20250929","id":"msg_0125","type":"message","role":"assistant","content":[
        {"type":"thinking","thinking":"Need weather.","signature":"c2ln"},{"type":"redacted_thinking","data":"ZW5j"},{"type":"text","text":"Let me look."},
        {"type":"tool_use","id":"toolu_01","name":"get_weather","input":{"city":"Paris","temp":1.0}},{"type":"tool_use","id":"toolu_02","name":"now","input":{}}],
        "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":20,"cache_creation_input_tokens":100,"cache_read_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":40},"output_tokens":50}}
        """;

    public static readonly string TextStream = Stream(
        Start("12"),
        BlockStart(0, """{"type":"text","text":""}"""),
        """{"type":"ping"}""",
        Delta(0, """{"type":"text_delta","text":"Fö"}"""),
        Delta(0, """{"type":"text_delta","text":"ur 四.\n\ud83d\ude42"}"""),
        BlockStop(0),
        MessageDelta("end_turn", """{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":4}"""),
        """{"type":"message_stop"}""");

    public static readonly string ThinkingToolsStream = Stream(
        Start("20"),
        """{"type":"ping"}""",
        BlockStart(0, """{"type":"thinking","thinking":"","signature":""}"""),
        Delta(0, """{"type":"thinking_delta","thinking":"Need "}"""),
        Delta(0, """{"type":"thinking_delta","thinking":"weather."}"""),
        Delta(0, """{"type":"signature_delta","signature":"c2ln"}"""),
        BlockStop(0),
        BlockStart(1, """{"type":"text","text":""}"""),
        Delta(1, """{"type":"text_delta","text":"Let me look."}"""),
        BlockStop(1),
        BlockStart(2, """{"type":"tool_use","id":"toolu_01","name":"get_weather","input":{}}"""),
        Delta(2, """{"type":"input_json_delta","partial_json":""}"""),
        Delta(2, """{"type":"input_json_delta","partial_json":"{\"city\": \"\u5317"}"""),
        Delta(2, """{"type":"input_json_delta","partial_json":"京\"}"}"""),
        BlockStop(2),
        BlockStart(3, """{"type":"tool_use","id":"toolu_02","name":"now","input":{}}"""),
        Delta(3, """{"type":"input_json_delta","partial_json":""}"""),
        BlockStop(3),
        MessageDelta("tool_use", """{"output_tokens":50}"""),
        """{"type":"message_stop"}""");

    public static readonly string RefusalStream = Stream(
        Start("9"),
        """{"type":"ping"}""",
        """{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":"cyber","explanation":"I cannot help with that."}},"usage":{"output_tokens":1}}""",
        """{"type":"message_stop"}""");

    public static readonly string PausedStream = Stream(
        Start("9"),
        BlockStart(0, """{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}"""),
        Delta(0, """{"type":"input_json_delta","partial_json":"{\"query\":"}"""),
        Delta(0, """{"type":"input_json_delta","partial_json":"\"news\"}"}"""),
        BlockStop(0),
        BlockStart(1, """{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}"""),
        BlockStop(1),
        BlockStart(2, """{"type":"text","text":""}"""),
        Delta(2, """{"type":"citations_delta","citation":{"type":"web_search_result_location","url":"https://a.example/x","title":"X","cited_text":"t"}}"""),
        Delta(2, """{"type":"text_delta","text":"News."}"""),
        BlockStop(2),
        MessageDelta("pause_turn", """{"output_tokens":7,"server_tool_use":{"web_search_requests":1}}"""),
        """{"type":"message_stop"}""");

    public static string Start(string input, string id = "msg_0124") =>
        $$$"""{"type":"message_start","message":{"model":"claude-sonnet-4-5-20250929","id":"{{{id}}}","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":{{{input}}},"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1,"service_tier":"standard"} } }""";

    public static string BlockStart(int index, string block) => $$"""{"type":"content_block_start","index":{{index}},"content_block":{{block}}}""";

    public static string Delta(int index, string delta) => $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}""";

    public static string BlockStop(int index) => $$"""{"type":"content_block_stop","index":{{index}}}""";

    public static string MessageDelta(string reason, string usage) =>
        $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{{{usage}}}}""";

    /// <summary>A stream of whole events; each has an event line equal to its type.</summary>
    public static string Stream(params IEnumerable<string> events) => string.Concat(events.Select(data => $"event: {TypeOf(data)}\ndata: {data}\n\n"));

    private static string TypeOf(string data) => data.Split('"')[3];
}
