namespace Orchestration.Protocols.Sse;

/// <summary>Bounds of a server-sent event stream; a stream that passes one of them is refused.</summary>
public sealed record SseLimits
{
    /// <summary>1 MiB a line, 4 MiB an event.</summary>
    public static SseLimits Default { get; } = new();

    /// <summary>Longest line in bytes, without its end.</summary>
    public int MaxLineBytes { get; init; } = 1024 * 1024;

    /// <summary>Most bytes of data in one event.</summary>
    public int MaxEventBytes { get; init; } = 4 * 1024 * 1024;
}
