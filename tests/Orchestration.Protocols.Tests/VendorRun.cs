using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Sse;
using Orchestration.Protocols.Tests.Sse;

namespace Orchestration.Protocols.Tests;

/// <summary>Reads a recorded stream with a vendor's decoder, as Providers does.</summary>
internal sealed class VendorRun
{
    private VendorRun(IChatStreamDecoder decoder, List<ChatEvent> events) => (Decoder, Events) = (decoder, events);

    public IChatStreamDecoder Decoder { get; }

    public List<ChatEvent> Events { get; }

    /// <summary>The events in short, for comparison.</summary>
    public IReadOnlyList<string> Lines => [.. Events.Select(Describe)];

    public static VendorRun OfEvents(IChatStreamDecoder decoder, byte[] bytes, params int[] sizes) =>
        Read(decoder, new SseReader(new PiecesStream(bytes, sizes.Length == 0 ? [int.MaxValue] : sizes)));

    public static VendorRun OfEvents(IChatStreamDecoder decoder, string stream) => OfEvents(decoder, Encoding.UTF8.GetBytes(stream));

    public static VendorRun OfLines(IChatStreamDecoder decoder, byte[] bytes, params int[] sizes) =>
        Read(decoder, new JsonLinesReader(new PiecesStream(bytes, sizes.Length == 0 ? [int.MaxValue] : sizes)));

    public static VendorRun OfLines(IChatStreamDecoder decoder, string stream) => OfLines(decoder, Encoding.UTF8.GetBytes(stream));

    public ChatCompletion Fold() => Fold(Events);

    public static ChatCompletion Fold(IEnumerable<ChatEvent> events)
    {
        var builder = new ChatCompletionBuilder("r");
        foreach (var item in events)
            builder.Add(item);
        return builder.Build();
    }

    public static string Describe(ChatEvent item) => item.EventCase switch
    {
        ChatEvent.EventOneofCase.PartStart => $"{item.PartStart.ChoiceIndex}.{item.PartStart.PartIndex} start {item.PartStart.Kind} {item.PartStart.ToolCall?.Id} {item.PartStart.ToolCall?.Name} {item.PartStart.ToolCall?.Signature}".TrimEnd(),
        ChatEvent.EventOneofCase.PartDelta => $"{item.PartDelta.ChoiceIndex}.{item.PartDelta.PartIndex} '{item.PartDelta.Text}'{item.PartDelta.Signature}{item.PartDelta.LogProbabilities}{item.PartDelta.Extensions}",
        ChatEvent.EventOneofCase.PartStop => $"{item.PartStop.ChoiceIndex}.{item.PartStop.PartIndex} stop",
        ChatEvent.EventOneofCase.Usage => $"usage in {item.Usage.InputTokens} cached {item.Usage.CacheReadTokens} out {item.Usage.OutputTokens} reasoning {item.Usage.ReasoningTokens}",
        ChatEvent.EventOneofCase.Finish => $"{item.Finish.ChoiceIndex} finish {item.Finish.Reason} {item.Finish.RawReason}{item.Finish.Extensions}".TrimEnd(),
        ChatEvent.EventOneofCase.Error => $"error {item.Error.FailureClass} {item.Error.Code}",
        _ => item.EventCase.ToString(),
    };

    private static VendorRun Read(IChatStreamDecoder decoder, IEventReader reader)
    {
        var events = new List<ChatEvent>();
        using (reader)
        {
            while (reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult() is { } sseEvent)
            {
                if (!sseEvent.IsComment)
                    decoder.Decode(sseEvent, events);
            }
        }

        decoder.Complete(events);
        return new VendorRun(decoder, events);
    }
}
