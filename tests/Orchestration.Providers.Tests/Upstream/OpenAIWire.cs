using System.Globalization;

namespace Orchestration.Providers.Tests.Upstream;

/// <summary>What an OpenAI-compatible provider writes, by hand.</summary>
internal static class OpenAIWire
{
    public const string Role = """{"id":"r-1","object":"chat.completion.chunk","created":1790000000,"model":"up-model","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""";
    public const string Finish = """{"id":"r-1","object":"chat.completion.chunk","created":1790000000,"model":"up-model","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    public const string UsageChunk = """{"id":"r-1","object":"chat.completion.chunk","created":1790000000,"model":"up-model","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}""";
    public const string Done = "[DONE]";

    public const string Plain = """{"id":"r-1","object":"chat.completion","created":1790000000,"model":"up-model","choices":[{"index":0,"message":{"role":"assistant","content":"Hello world"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}""";

    public const string Embeddings = """{"object":"list","model":"up-embed","data":[{"object":"embedding","index":1,"embedding":[0.5,0.25]},{"object":"embedding","index":0,"embedding":[1.0,2.0]}],"usage":{"prompt_tokens":1000,"total_tokens":1000}}""";

    public static string Content(string text) => $$$"""{"id":"r-1","object":"chat.completion.chunk","created":1790000000,"model":"up-model","choices":[{"index":0,"delta":{"content":"{{{text}}}"},"finish_reason":null}]}""";

    public static string Error(string code, string message = "no") => $$$"""{"error":{"message":"{{{message}}}","type":"{{{code}}}","param":null,"code":"{{{code}}}"}}""";

    /// <summary>A whole stream: "Hello", " world", finish, usage, end marker.</summary>
    public static string[] Stream => [Role, Content("Hello"), Content(" world"), Finish, UsageChunk, Done];

    public static string AsBody(IEnumerable<string> data) => string.Concat(data.Select(d => $"data: {d}\n\n"));

    public static string Chunked(string body) => string.Create(CultureInfo.InvariantCulture, $"{System.Text.Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\n");

    public static async Task AnswerAsync(UpstreamExchange exchange)
    {
        await exchange.BeginStreamAsync();
        await exchange.SendAsync(AsBody(Stream));
    }
}
