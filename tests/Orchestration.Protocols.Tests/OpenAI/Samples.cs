namespace Orchestration.Protocols.Tests.OpenAI;

/// <summary>Streams and bodies as providers write them, from their wire facts. None was made with this library.</summary>
internal static class Samples
{
    private const string DeepSeekBase = "\"id\":\"7c1e0000-1111\",\"object\":\"chat.completion.chunk\",\"created\":1790000001,\"model\":\"deepseek-chat\",\"system_fingerprint\":\"fp_sim_0001\"";
    private const string OpenAIBase = "\"id\":\"chatcmpl-abc\",\"object\":\"chat.completion.chunk\",\"created\":1790000002,\"model\":\"gpt-4.1-2025-04-14\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_sim\"";

    public const string DeepSeekUsage = """{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":0},"prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":12}""";

    public const string OpenAIUsage = """{"prompt_tokens":16,"completion_tokens":3,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":1,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    public static readonly string DeepSeekStream = string.Join("\n\n",
        ": keep-alive",
        DeepSeek("""{"role":"assistant","content":""}"""),
        DeepSeek("""{"content":"Fö"}"""),
        DeepSeek("""{"content":"ur 四.\n\ud83d\ude42"}"""),
        DeepSeek("""{"content":""}""", "stop", DeepSeekUsage),
        "data: [DONE]", "");

    public static readonly string DeepSeekThinkingWithTool = string.Join("\n\n",
        ": keep-alive", ": keep-alive",
        DeepSeek("""{"role":"assistant","content":null,"reasoning_content":""}"""),
        DeepSeek("""{"content":null,"reasoning_content":"Need "}"""),
        DeepSeek("""{"content":null,"reasoning_content":"weather."}"""),
        DeepSeek("""{"content":"Let me look.","reasoning_content":null}"""),
        DeepSeek("""{"tool_calls":[{"index":0,"id":"call_00_AbC","type":"function","function":{"name":"get_weather","arguments":""}}]}"""),
        DeepSeek("""{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}"""),
        DeepSeek("""{"tool_calls":[{"index":0,"function":{"arguments":"\"city\": \"\u5317"}}]}"""),
        DeepSeek("""{"tool_calls":[{"index":0,"function":{"arguments":"京\"}"}}]}"""),
        DeepSeek("""{"content":"","reasoning_content":null}""", "tool_calls", """{"prompt_tokens":120,"completion_tokens":40,"total_tokens":160,"prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":25},"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":56}"""),
        "data: [DONE]", "");

    public static readonly string OpenAIStream = string.Join("\n\n",
        OpenAI("""{"role":"assistant","content":"","refusal":null}"""),
        OpenAI("""{"content":"Four"}"""),
        OpenAI("""{"content":"."}"""),
        OpenAI("{}", "stop"),
        "data: {" + OpenAIBase + ",\"choices\":[],\"usage\":" + OpenAIUsage + ",\"obfuscation\":\"\"}",
        "data: [DONE]", "");

    public static readonly string OpenAIParallelTools = string.Join("\n\n",
        OpenAI("""{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_x","type":"function","function":{"name":"get_weather","arguments":""}}],"refusal":null}"""),
        OpenAI("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}"""),
        OpenAI("""{"tool_calls":[{"index":1,"id":"call_y","type":"function","function":{"name":"now","arguments":""}}]}"""),
        OpenAI("""{"tool_calls":[{"index":0,"function":{"arguments":"\"\\u00e9\\n\"}"}}]}"""),
        OpenAI("{}", "tool_calls"),
        "data: {" + OpenAIBase + ",\"choices\":[],\"usage\":" + OpenAIUsage + "}",
        "data: [DONE]", "");

    public const string DeepSeekBody = "\n\n\n{\"id\":\"7c1e0000-1111\",\"object\":\"chat.completion\",\"created\":1790000001,\"model\":\"deepseek-chat\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Four.\",\"reasoning_content\":\"2+2\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":" + DeepSeekUsage + ",\"system_fingerprint\":\"fp_sim_0001\"}";

    public const string OpenAIToolBody = """
        {"id":"chatcmpl-b","object":"chat.completion","created":1790000003,"model":"gpt-4.1-2025-04-14","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"x\": 1.0}"}},{"id":"call_2","type":"function","function":{"name":"g","arguments":""},"extra_content":{"google":{"thought_signature":"c2ln"}}}],
        "refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":16,"completion_tokens":3,"total_tokens":19},"service_tier":"default","system_fingerprint":"fp_sim"}
        """;

    /// <summary>A stream of one choice from the texts of its deltas.</summary>
    public static string Stream(string finish, params string[] deltas) =>
        string.Concat(deltas.Select(delta => $$$"""data: {"id":"r1","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":null}]}""" + "\n\n"))
        + $$$"""data: {"id":"r1","choices":[{"index":0,"delta":{},"finish_reason":"{{{finish}}}"}]}""" + "\n\ndata: [DONE]\n\n";

    private static string DeepSeek(string delta, string? finish = null, string usage = "null") =>
        $"data: {{{DeepSeekBase},\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{(finish is null ? "null" : $"\"{finish}\"")}}}],\"usage\":{usage}}}";

    private static string OpenAI(string delta, string? finish = null) =>
        $"data: {{{OpenAIBase},\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{(finish is null ? "null" : $"\"{finish}\"")}}}],\"usage\":null,\"obfuscation\":\"a8Zk\"}}";
}
