namespace Orchestration.Protocols.Tests.Responses;

/// <summary>Streams as the documentation of the protocol shows them, by hand.</summary>
internal static class ResponsesSamples
{
    public const string Usage = "\"usage\":{\"input_tokens\":20,\"input_tokens_details\":{\"cached_tokens\":8},\"output_tokens\":50,\"output_tokens_details\":{\"reasoning_tokens\":30},\"total_tokens\":70}";

    public const string Created = """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1790000001,"status":"in_progress","model":"gpt-5-2025-08-07","output":[],"service_tier":"auto","usage":null}}""";

    public static readonly string Text = Stream(
        Created,
        """{"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-5-2025-08-07","output":[],"usage":null}}""",
        """{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}""",
        """{"type":"response.content_part.added","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}}""",
        Delta("Fö", 0),
        Delta("ur 四.\\n\\ud83d", 0),
        Delta("\\ude42", 0),
        """{"type":"response.output_text.done","sequence_number":7,"item_id":"msg_1","output_index":0,"content_index":0,"text":"Four","logprobs":[]}""",
        """{"type":"response.output_item.done","sequence_number":9,"output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],"text":"Fö"}],"role":"assistant"}}""",
        End("completed", "[]"));

    public static readonly string ReasoningTools = Stream(
        Created,
        """{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_1","type":"reasoning","encrypted_content":"partial","summary":[]}}""",
        """{"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
        """{"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"Need "}""",
        """{"type":"response.reasoning_summary_text.delta","sequence_number":5,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"weather."}""",
        """{"type":"response.reasoning_summary_text.done","sequence_number":6,"item_id":"rs_1","output_index":0,"summary_index":0,"text":"Need weather."}""",
        """{"type":"response.reasoning_summary_text.delta","sequence_number":7,"item_id":"rs_1","output_index":0,"summary_index":1,"delta":"Ask."}""",
        """{"type":"response.output_item.done","sequence_number":8,"output_index":0,"item":{"id":"rs_1","type":"reasoning","encrypted_content":"c2Vj","summary":[{"type":"summary_text","text":"Need weather."},{"type":"summary_text","text":"Ask."}]}}""",
        Added(1, "fc_1", "call_a", "get_weather"),
        Added(2, "fc_2", "call_b", "now"),
        Arguments(1, "{\\\"city\\\": \\\"北"),
        Arguments(2, "{"),
        Arguments(1, "京\\\"}"),
        Arguments(2, "}"),
        """{"type":"response.function_call_arguments.done","sequence_number":15,"item_id":"fc_1","output_index":1,"arguments":"{\"city\": \"北京\"}"}""",
        """{"type":"response.output_item.done","sequence_number":16,"output_index":1,"item":{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"city\": \"北京\"}","call_id":"call_a","name":"get_weather"}}""",
        """{"type":"response.output_item.done","sequence_number":17,"output_index":2,"item":{"id":"fc_2","type":"function_call","status":"completed","arguments":"{}","call_id":"call_b","name":"now"}}""",
        End("completed", """[{"id":"rs_1","type":"reasoning","encrypted_content":"c2Vj","summary":[]},{"id":"fc_1","type":"function_call","arguments":"{\"city\": \"北京\"}","call_id":"call_a","name":"get_weather"}]"""));

    public static readonly string Refusal = Stream(
        Created,
        """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","content":[]}}""",
        """{"type":"response.refusal.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"I cannot."}""",
        """{"type":"response.refusal.done","item_id":"msg_1","output_index":0,"content_index":0,"refusal":"I cannot."}""",
        """{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","content":[{"type":"refusal","refusal":"I cannot."}]}}""",
        End("completed", "[]"));

    // Everything that deltas would tell comes as a whole only.
    public static readonly string DoneOnly = Stream(
        Created,
        """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","encrypted_content":"c2Vj","summary":[]}}""",
        """{"type":"response.output_text.done","item_id":"msg_1","output_index":1,"content_index":0,"text":"Hello"}""",
        """{"type":"response.output_item.done","output_index":1,"item":{"id":"other","type":"message","content":[{"type":"output_text","text":"Hello world","annotations":[{"type":"url_citation","url":"https://a.example","title":"A","start_index":0,"end_index":5}]}]}}""",
        """{"type":"response.output_item.done","output_index":2,"item":{"id":"ws_1","type":"web_search_call","status":"completed"}}""",
        End("completed", """[{"type":"reasoning"},{"type":"message","content":[{"type":"output_text","text":"Hello world"}]},{"type":"web_search_call"},{"type":"custom_tool_call","call_id":"c","name":"run","input":"ls"}]"""));

    public static string Delta(string text, int item) =>
        $$"""{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","output_index":{{item}},"content_index":0,"delta":"{{text}}","logprobs":[],"obfuscation":"xy"}""";

    public static string End(string status, string output, string details = "null") =>
        $$$"""{"type":"response.{{{status}}}","sequence_number":99,"response":{"id":"resp_1","object":"response","status":"{{{status}}}","error":null,"incomplete_details":{{{details}}},"model":"gpt-5-2025-08-07","output":{{{output}}},"service_tier":"default",{{{Usage}}}}}""";

    public static string Stream(params IEnumerable<string> events) =>
        string.Concat(events.Select(data => $"event: {data.Split('"')[3]}\ndata: {data}\n\n"));

    private static string Added(int index, string id, string callId, string name) =>
        $$$"""{"type":"response.output_item.added","sequence_number":9,"output_index":{{{index}}},"item":{"id":"{{{id}}}","type":"function_call","status":"in_progress","arguments":"","call_id":"{{{callId}}}","name":"{{{name}}}"}}""";

    private static string Arguments(int index, string text) =>
        $$"""{"type":"response.function_call_arguments.delta","sequence_number":11,"item_id":"fc_{{index}}","output_index":{{index}},"delta":"{{text}}"}""";
}
