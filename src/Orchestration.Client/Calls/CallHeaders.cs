using Grpc.Core;

namespace Orchestration.Client.Calls;

/// <summary>Metadata of a call.</summary>
internal static class CallHeaders
{
    public const string Authorization = "authorization";
    public const string IdempotencyKey = "idempotency-key";
    public const string Session = "x-orchestration-session";
    public const string Tags = "x-orchestration-tags";
    public const string RequestId = "x-request-id";

    private const int LongestIdempotencyKey = 255;

    public static Metadata Write(string apiKey) => new() { { Authorization, $"Bearer {apiKey}" } };

    /// <summary>Headers of a request that costs money: whatever is sent with them, however often, is one request.</summary>
    /// <exception cref="ArgumentException">The call holds what a header cannot.</exception>
    public static Metadata Write(string apiKey, OrchestrationCall? call, TimeProvider time)
    {
        var headers = Write(apiKey);
        headers.Add(IdempotencyKey, call?.IdempotencyKey is { } key ? Checked(key) : Guid.CreateVersion7(time.GetUtcNow()).ToString("D"));
        if (call?.SessionId is { Length: > 0 } session)
            headers.Add(Session, Printable(session, "A session id"));
        if (call?.Tags is { Count: > 0 } tags)
            headers.Add(Tags, string.Join(", ", tags.Select(tag => $"{Label(tag.Key, '=')}={Label(tag.Value)}")));
        return headers;
    }

    private static string Checked(string key) => key.Length is 0 or > LongestIdempotencyKey || key.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? throw new ArgumentException($"An idempotency key has 1 to {LongestIdempotencyKey} visible ASCII characters.", nameof(key))
        : key;

    private static string Label(string text, char forbidden = ',') => text.AsSpan().ContainsAny(',', forbidden)
        ? throw new ArgumentException($"The label '{text}' holds a comma or an equals sign.", nameof(text))
        : Printable(text, "A label");

    private static string Printable(string text, string what) => text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? throw new ArgumentException($"{what} is made of printable ASCII characters.", nameof(text))
        : text;
}
