using System.Buffers;
using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;

namespace Orchestration.Benchmarks.Micro;

/// <summary>What a stream costs in the codecs: an answer of 64 text chunks, as OpenAI sends it.</summary>
internal static class ProtocolParts
{
    private const int Chunks = 64;
    private const string Head = """{"id":"chatcmpl-0123456789","object":"chat.completion.chunk","created":1790000001,"model":"gpt-4.1-mini","system_fingerprint":"fp_1","choices":[""";

    private static readonly byte[] Request = Encoding.UTF8.GetBytes(
        """{"model":"openai:gpt-4.1-mini","stream":true,"temperature":0.2,"max_tokens":512,"messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"Explain in a few sentences why an index makes a query faster and when it does not."}]}""");

    public static IEnumerable<Func<MicroFigure>> All()
    {
        var data = Data();
        var wire = Wire(data);
        var events = Decode(data);
        yield return () => MicroLoop.Run("SSE: read an event", data.Count, () => Read(wire), wire.Length);
        yield return () => MicroLoop.Run("OpenAI: decode a chunk", data.Count, () => Decode(data), wire.Length);
        yield return () => MicroLoop.Run("OpenAI: encode an event", events.Count, () => Encode(events), Encode(events));
        yield return () => MicroLoop.Run("OpenAI: decode a request", 1, () => OpenAIChatRequestDecoder.Decode(Request));
        if (OpenAIChatRequestDecoder.Decode(Request) is ChatRequestDecoding.Decoded decoded)
        {
            var target = new OpenAIRequestTarget { Model = "gpt-4.1-mini", Stream = true };
            yield return () => MicroLoop.Run("OpenAI: encode a request", 1, () => OpenAIChatRequestEncoder.Encode(decoded.Request, target));
        }
    }

    private static List<byte[]> Data()
    {
        var data = new List<string> { Head + """{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}""" };
        for (var i = 0; i < Chunks; i++)
            data.Add(Head + """{"index":0,"delta":{"content":" token"},"finish_reason":null}],"usage":null}""");
        data.Add(Head + """{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""");
        data.Add(Head + """],"usage":{"prompt_tokens":30,"completion_tokens":64,"total_tokens":94}}""");
        data.Add("[DONE]");
        return [.. data.Select(Encoding.UTF8.GetBytes)];
    }

    private static byte[] Wire(List<byte[]> data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var item in data)
            SseWriter.WriteData(buffer, item);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Read(byte[] wire)
    {
        using var reader = new SseReader(new MemoryStream(wire));
        // A memory stream never waits, so neither does the reader.
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is not null)
        {
        }
    }

    private static List<ChatEvent> Decode(List<byte[]> data)
    {
        var decoder = new OpenAIChatStreamDecoder();
        var events = new List<ChatEvent>(data.Count + 8);
        foreach (var item in data)
            decoder.Decode(item, events);
        return decoder.Failure is null ? events : throw new InvalidOperationException($"The sample does not decode: {decoder.Failure.Code}");
    }

    private static int Encode(List<ChatEvent> events)
    {
        var encoder = new OpenAIChatChunkEncoder("01990000-0000-7000-8000-000000000000", "gpt-4.1-mini", DateTimeOffset.UnixEpoch, true);
        var output = new ArrayBufferWriter<byte>(32 * 1024);
        foreach (var chatEvent in events)
            encoder.Write(output, chatEvent);
        return output.WrittenCount > 0 ? output.WrittenCount : throw new InvalidOperationException("The sample encodes to nothing.");
    }
}
