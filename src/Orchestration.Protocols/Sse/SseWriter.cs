using System.Buffers;

namespace Orchestration.Protocols.Sse;

/// <summary>Writes server-sent events with LF line ends.</summary>
public static class SseWriter
{
    /// <summary>Writes one event; line breaks in <paramref name="data"/> become further data lines.</summary>
    public static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> data) => throw new NotImplementedException();

    /// <summary>Writes one comment line and a blank line.</summary>
    public static void WriteComment(IBufferWriter<byte> output, ReadOnlySpan<byte> text) => throw new NotImplementedException();

    /// <summary>Writes OpenAI's end marker, <c>data: [DONE]</c>.</summary>
    public static void WriteDone(IBufferWriter<byte> output) => throw new NotImplementedException();
}
