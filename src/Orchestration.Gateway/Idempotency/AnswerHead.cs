using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Status and headers of an answer, as far as they belong to the answer and not to the connection.</summary>
internal sealed record AnswerHead(int Status, IReadOnlyDictionary<string, string> Headers)
{
    private static readonly string[] OfTheConnection =
        ["Date", "Server", "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", IdempotencyKey.ReplayedHeader];

    public bool IsEventStream => Headers.TryGetValue("Content-Type", out var type) && type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    public static AnswerHead Of(IHttpResponseFeature response) => new(
        response.StatusCode,
        response.Headers.Where(header => IsKept(header.Key)).ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    /// <summary>Gives a response these headers, and says that it is not the first with them.</summary>
    public void Apply(HttpResponse response)
    {
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        response.Headers[IdempotencyKey.ReplayedHeader] = "true";
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static AnswerHead Parse(ReadOnlySpan<byte> bytes)
    {
        var head = JsonSerializer.Deserialize<AnswerHead>(bytes) ?? throw new JsonException("The head of an answer is missing.");
        return head with { Headers = new Dictionary<string, string>(head.Headers, StringComparer.OrdinalIgnoreCase) };
    }

    // What is left of a limit is told by the request that asks, not by the one that was answered.
    private static bool IsKept(string name) =>
        !OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase) && !name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase);
}
