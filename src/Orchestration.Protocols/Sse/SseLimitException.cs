namespace Orchestration.Protocols.Sse;

/// <summary>A server-sent event stream passed one of its <see cref="SseLimits"/>.</summary>
public sealed class SseLimitException(string message) : Exception(message);
