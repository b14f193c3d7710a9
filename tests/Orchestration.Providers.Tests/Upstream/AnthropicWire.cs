namespace Orchestration.Providers.Tests.Upstream;

/// <summary>What a Messages endpoint writes, by hand.</summary>
internal static class AnthropicWire
{
    public const string Plain = """
        {"id":"msg_1","type":"message","role":"assistant","model":"up-model","content":[{"type":"text","text":"Hello world"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":400,"cache_creation_input_tokens":0,"cache_read_input_tokens":600,"output_tokens":500}}
        """;

    public const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"up-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1000,"output_tokens":1}}}""";
    public const string Ping = """{"type":"ping"}""";
    public const string Stop = """{"type":"message_stop"}""";

    public static string[] Text(int index, params string[] texts) =>
    [
        $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"text","text":""}}""",
        .. texts.Select(text => $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"text_delta","text":"{{{text}}}"}}"""),
        $$"""{"type":"content_block_stop","index":{{index}}}""",
    ];

    public static string[] Thinking(int index, string text, string signature) =>
    [
        $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"thinking_delta","thinking":"{{{text}}}"}}""",
        $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"signature_delta","signature":"{{{signature}}}"}}""",
        $$"""{"type":"content_block_stop","index":{{index}}}""",
    ];

    public static string[] Tool(int index, string id, string name, params string[] fragments) =>
    [
        $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"tool_use","id":"{{{id}}}","name":"{{{name}}}","input":{} } }""",
        .. fragments.Select(text => $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"input_json_delta","partial_json":"{{{text}}}"}}"""),
        $$"""{"type":"content_block_stop","index":{{index}}}""",
    ];

    public static string End(string reason) =>
        $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":500}}""";

    public static string Error(string type, string message) => $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"req_01"}""";

    public static Func<UpstreamExchange, Task> Answer(params IEnumerable<string> events)
    {
        var body = string.Concat(events.Select(data => $"event: {data.Split('"')[3]}\ndata: {data}\n\n"));
        return async exchange =>
        {
            await exchange.BeginStreamAsync();
            await exchange.SendAsync(body);
        };
    }
}
