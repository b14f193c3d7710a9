namespace Orchestration.Protocols.Tests.Gemini;

/// <summary>Streams and bodies as Gemini writes them, from its wire facts. None was made with this library.</summary>
internal static class GeminiSamples
{
    private const string Tail = "\"modelVersion\":\"gemini-3-pro-preview\",\"responseId\":\"resp-1\"";

    public const string Body = """
        {
          "candidates": [
            {
              "content": {
                "parts": [
                  {
                    "text": "Four.",
                    "thoughtSignature": "c2ln"
                  }
                ],
                "role": "model"
              },
              "finishReason": "STOP",
              "index": 0
            }
          ],
          "usageMetadata": {
            "promptTokenCount": 9,
            "candidatesTokenCount": 2,
            "totalTokenCount": 196,
            "promptTokensDetails": [ { "modality": "TEXT", "tokenCount": 9 } ],
            "thoughtsTokenCount": 185
          },
          "modelVersion": "gemini-3-pro-preview",
          "responseId": "resp-1"
        }
        """;

    public const string ToolBody = """
        {
          "candidates": [
            {
              "content": {
                "parts": [
                  { "functionCall": { "name": "get_weather", "args": { "city": "São Paulo", "days": 1.0 } }, "thoughtSignature": "c2ln" },
                  { "functionCall": { "id": "own-2", "name": "now" } }
                ],
                "role": "model"
              },
              "finishReason": "STOP",
              "index": 0,
              "finishMessage": "Model generated function call(s)."
            }
          ],
          "usageMetadata": { "promptTokenCount": 20, "candidatesTokenCount": 11, "totalTokenCount": 31 },
          "responseId": "resp-2"
        }
        """;

    public const string BlockedBody = """{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9,"totalTokenCount":9},"modelVersion":"gemini-3-pro-preview"}""";

    public static readonly string TextStream = Stream(
        Chunk("""{"content":{"parts":[{"text":"**Plan** 四","thought":true}],"role":"model"},"index":0}""", 0, 80),
        Chunk("""{"content":{"parts":[{"text":"Fo"}],"role":"model"},"index":0}""", 1, 185),
        Chunk("""{"content":{"parts":[{"text":"ur.🙂"}],"role":"model"},"index":0}""", 2, 185),
        Chunk("""{"content":{"parts":[{"text":"","thoughtSignature":"c2ln"}],"role":"model"},"finishReason":"STOP","index":0}""", 2, 185));

    public static readonly string[] TextEvents =
    [
        "0.0 start Reasoning", "0.0 '**Plan** 四'", "0.0 stop", "0.1 start Text", "0.1 'Fo'", "0.1 'ur.🙂'",
        """0.1 ''{"extra_content":{"google":{"thought_signature":"c2ln"}}}""", "0.1 stop",
        "usage in 9 cached 0 out 2 reasoning 185", "0 finish Stop STOP",
    ];

    public static readonly string ToolStream = Stream(
        Chunk("""{"content":{"parts":[{"functionCall":{"name":"get_weather","args":{"city":"Paris"}},"thoughtSignature":"c2ln"},{"functionCall":{"name":"get_weather","args":{"city":"Lima"}}}],"role":"model"},"index":0}""", 12, 40),
        Chunk("""{"content":{"parts":[{"functionCall":{"name":"now"}}],"role":"model"},"index":0}""", 15, 40),
        Chunk("""{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}""", 15, 40));

    public static readonly string[] ToolEvents =
    [
        "0.0 start ToolCall call_resp-1_0_0 get_weather c2ln", """0.0 '{"city":"Paris"}'{"extra_content":{"google":{"thought_signature":"c2ln"}}}""", "0.0 stop",
        "0.1 start ToolCall call_resp-1_0_1 get_weather", """0.1 '{"city":"Lima"}'""", "0.1 stop",
        "0.2 start ToolCall call_resp-1_0_2 now", "0.2 '{}'", "0.2 stop",
        "usage in 9 cached 0 out 15 reasoning 40", "0 finish ToolCalls STOP",
    ];

    public static readonly string TwoCandidates = Stream(
        Chunk("""{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}""", 1, 0),
        Chunk("""{"content":{"parts":[{"text":"b"}],"role":"model"},"index":1}""", 2, 0),
        Chunk("""{"finishReason":"STOP","index":0},{"content":{"parts":[{"text":"c"}]},"finishReason":"MAX_TOKENS","index":1}""", 3, 0));

    public static readonly string[] TwoCandidatesEvents =
    [
        "0.0 start Text", "0.0 'a'", "1.0 start Text", "1.0 'b'", "1.0 'c'", "0.0 stop", "1.0 stop",
        "usage in 9 cached 0 out 3 reasoning 0", "0 finish Stop STOP", "1 finish Length MAX_TOKENS",
    ];

    /// <summary>A chunk; prompt of 9 tokens.</summary>
    public static string Chunk(string candidates, int visible, int thoughts) =>
        $"{{\"candidates\":[{candidates}],\"usageMetadata\":{{\"promptTokenCount\":9,\"candidatesTokenCount\":{visible},\"totalTokenCount\":{9 + visible + thoughts},\"thoughtsTokenCount\":{thoughts}}},{Tail}}}";

    /// <summary>A chunk with one candidate that has these parts.</summary>
    public static string Parts(string parts, string finish = "") =>
        "{\"candidates\":[{\"content\":{\"parts\":[" + parts + "],\"role\":\"model\"}" + (finish.Length > 0 ? $",\"finishReason\":\"{finish}\"" : "") + ",\"index\":0}]," + Tail + "}";

    public static string Stream(params string[] chunks) => string.Concat(chunks.Select(chunk => $"data: {chunk}\n\n"));
}
