using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Anthropic;

/// <summary>
/// Encodes the events of one answer as server-sent events for an Anthropic client. One instance per answer. A failed answer
/// ends with <c>error</c> and never with <c>message_stop</c>. Further choices are not written.
/// </summary>
public sealed class AnthropicStreamEncoder : IChatStreamEncoder
{
    private readonly MessageEventWriter _writer = new();
    private readonly PartSequence _parts;
    private readonly string _requestId;
    private readonly string _model;
    private readonly long _estimatedInputTokens;
    private bool _started;
    private Finish? _finish;
    private Usage? _usage;
    private ResponseStarted? _response;

    /// <summary>Begins one answer.</summary>
    /// <param name="requestId">Id of the request; shown as <c>msg_…</c>.</param>
    /// <param name="model">Name shown to the client; empty shows the model that answers.</param>
    /// <param name="estimatedInputTokens">Shown until the provider has told its count.</param>
    public AnthropicStreamEncoder(string requestId, string model, long estimatedInputTokens = 0)
    {
        (_requestId, _model, _estimatedInputTokens) = (requestId, model, estimatedInputTokens);
        _parts = new PartSequence(_writer);
    }

    /// <inheritdoc/>
    public OrchestrationFacts? Facts { get; set; }

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
                _response = chatEvent.ResponseStarted;
                _parts.Origin = MessageWriting.OriginOf(_response);
                Facts = Facts?.With(_response);
                Start(output);
                break;
            case ChatEvent.EventOneofCase.PartStart when chatEvent.PartStart.ChoiceIndex == 0:
                Start(output);
                _parts.Start(output, chatEvent.PartStart);
                break;
            case ChatEvent.EventOneofCase.PartDelta when chatEvent.PartDelta.ChoiceIndex == 0:
                Start(output);
                _parts.Append(output, chatEvent.PartDelta);
                break;
            case ChatEvent.EventOneofCase.PartStop when chatEvent.PartStop.ChoiceIndex == 0:
                _parts.Stop(output, chatEvent.PartStop.PartIndex);
                break;
            case ChatEvent.EventOneofCase.Usage:
                _usage = chatEvent.Usage;
                break;
            case ChatEvent.EventOneofCase.Finish when chatEvent.Finish.ChoiceIndex == 0:
                _finish = chatEvent.Finish;
                break;
            case ChatEvent.EventOneofCase.Error:
                Fail(output, chatEvent.Error);
                break;
            case ChatEvent.EventOneofCase.KeepAlive:
                _writer.Ping(output);
                break;
            case ChatEvent.EventOneofCase.Summary:
                End(output, chatEvent.Summary);
                break;
        }
    }

    private void Start(IBufferWriter<byte> output)
    {
        if (_started)
            return;
        _started = true;
        _writer.MessageStart(output, "msg_" + _requestId, ModelShown(), _estimatedInputTokens);
        _writer.Ping(output);
    }

    private string ModelShown() => _model.Length > 0 ? _model : _response switch
    {
        null => "",
        // The provider's own name where it gave one.
        { ReportedModel.Length: > 0 } => _response.ReportedModel,
        _ => _response.Model,
    };

    // The end says that the answer is whole. What cannot prove that ends as an error.
    private void End(IBufferWriter<byte> output, Summary summary)
    {
        if (_finish is null)
        {
            Fail(output, ProviderFailures.Truncated());
            return;
        }

        Start(output);
        _parts.End(output, StopReasons.Details(_finish) is null);
        _writer.MessageStop(output, _finish, _parts.HasRefusal, _usage ?? summary.Attempts.LastOrDefault()?.Usage, Facts?.With(summary));
        IsEnded = true;
    }

    private void Fail(IBufferWriter<byte> output, Failure failure)
    {
        MessageEventWriter.Error(output, failure, _requestId);
        IsEnded = true;
    }
}
