namespace Orchestration.Protocols.Sse;

/// <summary>One dispatched event or one comment line of a server-sent event stream.</summary>
/// <param name="EventType">Value of the <c>event</c> field; empty when there was none.</param>
/// <param name="Data">Data lines joined by LF, or the text of the comment. Valid until the next read only.</param>
/// <param name="IsComment">True for a comment line, such as a keep-alive.</param>
public readonly record struct SseEvent(string EventType, ReadOnlyMemory<byte> Data, bool IsComment);
