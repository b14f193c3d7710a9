namespace Orchestration.Client;

/// <summary>What one request says of itself beyond its content. It is written down and limited by, and opens nothing.</summary>
/// <remarks>Requests through Microsoft.Extensions.AI carry it by <see cref="OrchestrationCallExtensions.With(Microsoft.Extensions.AI.ChatOptions, OrchestrationCall)"/>.</remarks>
public sealed record OrchestrationCall
{
    /// <summary>
    /// The application's own idempotency key, 1 to 255 visible ASCII characters: the same request under it, even from another process,
    /// is answered from the first. Null makes a new one for each request, which all its retries share. Leave it null where one set
    /// of options serves several requests, as in a tool loop: a key that meets another request is refused.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The application's own id of its user, at most 512 characters; the gateway keeps a hash of it. Limits of end users hold for it.</summary>
    public string? EndUser { get; init; }

    /// <summary>Id of the session that the request belongs to; at most 64 letters, digits, '-', '_', '.'.</summary>
    public string? SessionId { get; init; }

    /// <summary>Labels for reports: at most 16, names and values at most 64 printable ASCII characters, without commas; names without '='.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Longest time for this request with all its retries; shortens the client's own limit, never lengthens it.</summary>
    public TimeSpan? Timeout { get; init; }
}
