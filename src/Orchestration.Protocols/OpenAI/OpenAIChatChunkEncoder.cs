using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Encodes the events of one answer as server-sent events for an OpenAI client. One instance per answer.</summary>
public sealed class OpenAIChatChunkEncoder : IChatStreamEncoder
{
    private readonly ChunkWriter _chunks;
    private readonly SortedList<int, ChoiceStream> _choices = [];
    private readonly string _requestId;
    private readonly bool _includeUsage;
    private Usage? _usage;

    /// <summary>Begins one answer.</summary>
    /// <param name="requestId">Id of the request; shown as <c>chatcmpl-…</c>.</param>
    /// <param name="model">Name shown to the client; empty shows the model that answers.</param>
    /// <param name="createdAt">Creation time shown to the client.</param>
    /// <param name="includeUsage">True writes the usage chunk with the <c>orchestration</c> object.</param>
    public OpenAIChatChunkEncoder(string requestId, string model, DateTimeOffset createdAt, bool includeUsage)
    {
        _requestId = requestId;
        _includeUsage = includeUsage;
        _chunks = new ChunkWriter("chatcmpl-" + requestId, model, createdAt.ToUnixTimeSeconds(), includeUsage);
    }

    /// <inheritdoc/>
    public OrchestrationFacts? Facts { get; set; } = new();

    /// <inheritdoc/>
    public bool IsEnded { get; private set; }

    /// <inheritdoc/>
    public void Write(IBufferWriter<byte> output, ChatEvent chatEvent)
    {
        if (IsEnded)
            return;

        switch (chatEvent.EventCase)
        {
            case ChatEvent.EventOneofCase.ResponseStarted:
                Start(chatEvent.ResponseStarted);
                break;
            case ChatEvent.EventOneofCase.PartStart:
                Choice(chatEvent.PartStart.ChoiceIndex).Start(output, chatEvent.PartStart);
                break;
            case ChatEvent.EventOneofCase.PartDelta:
                Choice(chatEvent.PartDelta.ChoiceIndex).Append(output, chatEvent.PartDelta);
                break;
            case ChatEvent.EventOneofCase.Usage:
                _usage = chatEvent.Usage;
                break;
            case ChatEvent.EventOneofCase.Finish:
                Choice(chatEvent.Finish.ChoiceIndex).Finish(output, chatEvent.Finish);
                break;
            case ChatEvent.EventOneofCase.Error:
                Fail(output, chatEvent.Error);
                break;
            case ChatEvent.EventOneofCase.KeepAlive:
                SseWriter.WriteComment(output, "keep-alive"u8);
                break;
            case ChatEvent.EventOneofCase.Summary:
                End(output, chatEvent.Summary);
                break;
        }
    }

    private void Start(ResponseStarted response)
    {
        _chunks.Response = response;
        Facts = Facts?.With(response);
    }

    // The end marker says that every choice is whole. What cannot prove that ends as an error.
    private void End(IBufferWriter<byte> output, Summary summary)
    {
        if (_choices.Count == 0 || _choices.Values.Any(choice => !choice.IsFinished))
        {
            Fail(output, ProviderFailures.Truncated());
            return;
        }

        if (_includeUsage)
        {
            _chunks.WriteUsage(output, _usage ?? summary.Attempts.LastOrDefault()?.Usage, Facts?.With(summary));
        }

        SseWriter.WriteDone(output);
        IsEnded = true;
    }

    private void Fail(IBufferWriter<byte> output, Failure failure)
    {
        var body = new ArrayBufferWriter<byte>(256);
        OpenAIErrorEncoder.Write(body, failure, _requestId);
        SseWriter.WriteData(output, body.WrittenSpan);
        IsEnded = true;
    }

    private ChoiceStream Choice(int index)
    {
        if (!_choices.TryGetValue(index, out var choice))
            _choices[index] = choice = new ChoiceStream(index, _chunks);
        return choice;
    }
}
