using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Responses;

/// <summary>
/// Encodes the events of one answer as server-sent events for a client of OpenAI's Responses. One instance per answer. A failed answer
/// ends with <c>error</c> and <c>response.failed</c>. Further choices are not written.
/// </summary>
public sealed class ResponsesStreamEncoder : IChatStreamEncoder
{
    private readonly ResponseEventWriter _events = new();
    private readonly ResponseObject _response;
    private readonly ResponseItems _items;
    private bool _started;
    private bool _finished;

    /// <summary>Begins one answer.</summary>
    /// <param name="requestId">Id of the request; shown as <c>resp_…</c>.</param>
    /// <param name="echo">Members of the request that the answer repeats, from its decoding.</param>
    public ResponsesStreamEncoder(string requestId, string echo)
    {
        _response = new ResponseObject(requestId, echo);
        _items = new ResponseItems(_response, _events);
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
                Describe(chatEvent.ResponseStarted);
                Start(output);
                break;
            case ChatEvent.EventOneofCase.PartStart when chatEvent.PartStart.ChoiceIndex == 0:
                Start(output);
                _items.Start(output, chatEvent.PartStart);
                break;
            case ChatEvent.EventOneofCase.PartDelta when chatEvent.PartDelta.ChoiceIndex == 0:
                Start(output);
                _items.Append(output, chatEvent.PartDelta);
                break;
            case ChatEvent.EventOneofCase.PartStop when chatEvent.PartStop.ChoiceIndex == 0:
                _items.Stop(output, chatEvent.PartStop.PartIndex);
                break;
            case ChatEvent.EventOneofCase.Usage:
                _response.Usage = chatEvent.Usage;
                break;
            case ChatEvent.EventOneofCase.Finish when chatEvent.Finish.ChoiceIndex == 0:
                Finish(output, chatEvent.Finish);
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

    private void Describe(ResponseStarted started)
    {
        _response.Model = started.ReportedModel.Length > 0 ? started.ReportedModel : started.Model;
        _response.ServiceTier = started.ServiceTier;
        if (started.CreatedAt is { } createdAt)
            _response.CreatedAt = createdAt.Seconds;
        _items.Origin = MessageWriting.OriginOf(started);
        Facts = Facts?.With(started);
    }

    private void Start(IBufferWriter<byte> output)
    {
        if (_started)
            return;
        _started = true;
        _events.Whole(output, "response.created", _response, withItems: false);
        _events.Whole(output, "response.in_progress", _response, withItems: false);
    }

    private void Finish(IBufferWriter<byte> output, Finish finish)
    {
        if (_finished)
            return;
        _finished = true;
        Start(output);
        _response.End(finish);
        _items.End(output);
    }

    // The end says that the answer is whole. What cannot prove that ends as an error.
    private void End(IBufferWriter<byte> output, Summary summary)
    {
        if (!_finished)
        {
            Fail(output, ProviderFailures.Truncated());
            return;
        }

        _response.Usage ??= summary.Attempts.LastOrDefault()?.Usage;
        _response.Facts = Facts?.With(summary);
        _events.Whole(output, "response." + _response.Status, _response, withItems: true);
        IsEnded = true;
    }

    private void Fail(IBufferWriter<byte> output, Failure failure)
    {
        Start(output);
        var json = _events.Begin("error");
        json.WriteString("code", OpenAIErrorEncoder.ErrorCode(failure) ?? "server_error");
        json.WriteString("message", OpenAIErrorEncoder.MessageOf(failure));
        json.WriteString("param", failure.Param.Length > 0 ? failure.Param : null);
        _events.End(output);
        _response.Fail(failure);
        _response.Facts = Facts;
        _events.Whole(output, "response.failed", _response, withItems: true);
        IsEnded = true;
    }
}
