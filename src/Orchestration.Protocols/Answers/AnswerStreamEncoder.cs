using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Answers;

/// <summary>
/// Streams an answer of a collection: <c>event: sources</c> first, <c>event: delta</c> for each piece of text, <c>event: answer</c> with all
/// that is known at the end, then <c>data: [DONE]</c>; or <c>event: error</c>.
/// </summary>
/// <param name="requestId">Id of the request.</param>
/// <param name="sources">The passages that the model is shown.</param>
public sealed class AnswerStreamEncoder(string requestId, IReadOnlyList<Source> sources) : IChatStreamEncoder
{
    private readonly HashSet<int> _textParts = [];
    private Usage? _usage;
    private Finish? _finish;

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
                Facts = Facts?.With(chatEvent.ResponseStarted);
                WriteEvent(output, "sources", writer => GroundedWriter.WriteSources(writer, sources));
                break;
            case ChatEvent.EventOneofCase.PartStart when chatEvent.PartStart.Kind is PartKind.Text or PartKind.Refusal:
                _textParts.Add(chatEvent.PartStart.PartIndex);
                break;
            case ChatEvent.EventOneofCase.PartDelta when chatEvent.PartDelta.Text.Length > 0 && _textParts.Contains(chatEvent.PartDelta.PartIndex):
                WriteEvent(output, "delta", writer => writer.WriteString("text"u8, chatEvent.PartDelta.Text));
                break;
            case ChatEvent.EventOneofCase.Usage:
                _usage = chatEvent.Usage;
                break;
            case ChatEvent.EventOneofCase.Finish:
                _finish = chatEvent.Finish;
                break;
            case ChatEvent.EventOneofCase.KeepAlive:
                SseWriter.WriteComment(output, "keep-alive"u8);
                break;
            case ChatEvent.EventOneofCase.Error:
                Fail(output, chatEvent.Error);
                break;
            case ChatEvent.EventOneofCase.Summary:
                End(output, chatEvent.Summary);
                break;
        }
    }

    private void End(IBufferWriter<byte> output, Summary summary)
    {
        if (_finish is null)
        {
            Fail(output, ProviderFailures.Truncated());
            return;
        }

        WriteEvent(output, "answer", writer => AnswerWriter.WriteEnd(writer, Facts?.Grounded, _finish, _usage ?? summary.Attempts.LastOrDefault()?.Usage, Facts?.With(summary)));
        SseWriter.WriteDone(output);
        IsEnded = true;
    }

    private void Fail(IBufferWriter<byte> output, Contracts.Errors.V1.Failure failure)
    {
        var body = new ArrayBufferWriter<byte>(256);
        OpenAIErrorEncoder.Write(body, failure, requestId);
        SseWriter.WriteData(output, "error", body.WrittenSpan);
        IsEnded = true;
    }

    private static void WriteEvent(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(body, JsonWriting.Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        SseWriter.WriteData(output, type, body.WrittenSpan);
    }
}
