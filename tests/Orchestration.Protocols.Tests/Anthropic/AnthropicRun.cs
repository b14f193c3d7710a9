using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;
using Orchestration.Protocols.Tests.OpenAI;
using Orchestration.Protocols.Tests.Sse;

namespace Orchestration.Protocols.Tests.Anthropic;

/// <summary>Reads a stream of a Messages endpoint as Providers does.</summary>
internal sealed class AnthropicRun
{
    private AnthropicRun(IChatStreamDecoder decoder, List<ChatEvent> events) => (Decoder, Events) = (decoder, events);

    public IChatStreamDecoder Decoder { get; }

    public List<ChatEvent> Events { get; }

    public IReadOnlyList<string> Lines => [.. Events.Select(StreamRun.Describe)];

    public static AnthropicRun Of(string stream, AnthropicDecodingOptions? options = null) => Of(Encoding.UTF8.GetBytes(stream), options);

    public static AnthropicRun Of(byte[] bytes, AnthropicDecodingOptions? options = null, params int[] sizes) =>
        Of(new AnthropicStreamDecoder(options), bytes, sizes);

    public static AnthropicRun OfOpenAI(string stream) => Of(new OpenAIChatStreamDecoder(), Encoding.UTF8.GetBytes(stream), []);

    public ChatCompletion Fold()
    {
        var builder = new ChatCompletionBuilder("r");
        Events.ForEach(builder.Add);
        return builder.Build();
    }

    private static AnthropicRun Of(IChatStreamDecoder decoder, byte[] bytes, int[] sizes)
    {
        var events = new List<ChatEvent>();
        using var reader = new SseReader(new PiecesStream(bytes, sizes.Length == 0 ? [int.MaxValue] : sizes));
        while (!decoder.IsTerminated && reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult() is { } sseEvent)
        {
            if (!sseEvent.IsComment)
                decoder.Decode(sseEvent, events);
        }

        decoder.Complete(events);
        return new AnthropicRun(decoder, events);
    }
}
