using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;
using Orchestration.Protocols.Tests.Sse;

namespace Orchestration.Protocols.Tests.OpenAI;

/// <summary>Reads a recorded stream as Providers does.</summary>
internal sealed class StreamRun
{
    private StreamRun(OpenAIChatStreamDecoder decoder, List<ChatEvent> events) => (Decoder, Events) = (decoder, events);

    public OpenAIChatStreamDecoder Decoder { get; }

    public List<ChatEvent> Events { get; }

    public IEnumerable<Finish> Finishes => Events.Where(item => item.Finish is not null).Select(item => item.Finish);

    /// <summary>The events in short, for comparison.</summary>
    public IReadOnlyList<string> Lines => [.. Events.Select(Describe)];

    public static StreamRun Of(string stream, OpenAIStreamOptions? options = null) => Of(Encoding.UTF8.GetBytes(stream), options);

    public static StreamRun Of(byte[] bytes, OpenAIStreamOptions? options = null, params int[] sizes)
    {
        var decoder = new OpenAIChatStreamDecoder(options);
        var events = new List<ChatEvent>();
        using var reader = new SseReader(new PiecesStream(bytes, sizes.Length == 0 ? [int.MaxValue] : sizes));
        while (reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult() is { } sseEvent)
        {
            if (!sseEvent.IsComment)
                decoder.Decode(sseEvent.Data.Span, events);
        }

        decoder.Complete(events);
        return new StreamRun(decoder, events);
    }

    public ChatCompletion Fold()
    {
        var builder = new ChatCompletionBuilder("r");
        Events.ForEach(builder.Add);
        return builder.Build();
    }

    internal static string Describe(ChatEvent item) => item.EventCase switch
    {
        ChatEvent.EventOneofCase.PartStart => $"{item.PartStart.ChoiceIndex}.{item.PartStart.PartIndex} start {item.PartStart.Kind} {item.PartStart.ToolCall?.Id} {item.PartStart.ToolCall?.Name}".TrimEnd(),
        ChatEvent.EventOneofCase.PartDelta => $"{item.PartDelta.ChoiceIndex}.{item.PartDelta.PartIndex} '{item.PartDelta.Text}'{item.PartDelta.LogProbabilities}{item.PartDelta.Extensions}",
        ChatEvent.EventOneofCase.PartStop => $"{item.PartStop.ChoiceIndex}.{item.PartStop.PartIndex} stop",
        ChatEvent.EventOneofCase.Usage => $"usage in {item.Usage.InputTokens} cached {item.Usage.CacheReadTokens} out {item.Usage.OutputTokens} reasoning {item.Usage.ReasoningTokens}",
        ChatEvent.EventOneofCase.Finish => $"{item.Finish.ChoiceIndex} finish {item.Finish.Reason} {item.Finish.RawReason}{item.Finish.Extensions}".TrimEnd(),
        ChatEvent.EventOneofCase.Error => $"error {item.Error.FailureClass} {item.Error.Code}",
        _ => item.EventCase.ToString(),
    };
}
