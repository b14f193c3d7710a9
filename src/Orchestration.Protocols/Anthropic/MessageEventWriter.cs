using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Writes the single events of a streamed message. Blocks are numbered as they begin; one is open at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A JSON writer over a buffer of its own holds nothing to release.")]
internal sealed class MessageEventWriter
{
    private readonly ArrayBufferWriter<byte> _data = new(512);
    private readonly Utf8JsonWriter _json;
    private int _index = -1;
    private bool _isOpen;

    public MessageEventWriter() => _json = new Utf8JsonWriter(_data, JsonWriting.Options);

    public void MessageStart(IBufferWriter<byte> output, string id, string model, long inputTokens) => Write(output, "message_start", json =>
    {
        json.WriteStartObject("message");
        json.WriteString("id", id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", model);
        json.WriteStartArray("content");
        json.WriteEndArray();
        json.WriteNull("stop_reason");
        json.WriteNull("stop_sequence");
        MessageWriting.WriteUsage(json, new Usage { InputTokens = inputTokens });
        json.WriteEndObject();
    });

    public void Ping(IBufferWriter<byte> output) => Write(output, "ping", static _ => { });

    /// <summary>Begins a block; one that is open ends first.</summary>
    public void BlockStart(IBufferWriter<byte> output, Action<Utf8JsonWriter> members)
    {
        BlockStop(output);
        _index++;
        _isOpen = true;
        Write(output, "content_block_start", json =>
        {
            json.WriteNumber("index", _index);
            json.WriteStartObject("content_block");
            members(json);
            json.WriteEndObject();
        });
    }

    /// <summary>Writes a block of a kind that this library does not know, whole.</summary>
    public void KeptBlock(IBufferWriter<byte> output, string block)
    {
        BlockStart(output, json => ExtraMembers.Parse(block).Write(json));
        BlockStop(output);
    }

    public void BlockDelta(IBufferWriter<byte> output, string type, string member, string text) => Write(output, "content_block_delta", json =>
    {
        json.WriteNumber("index", _index);
        json.WriteStartObject("delta");
        json.WriteString("type", type);
        json.WriteString(member, text);
        json.WriteEndObject();
    });

    public void BlockStop(IBufferWriter<byte> output)
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        Write(output, "content_block_stop", json => json.WriteNumber("index", _index));
    }

    public void MessageStop(IBufferWriter<byte> output, Finish finish, bool hasRefusal, Usage? usage, OrchestrationFacts? facts)
    {
        Write(output, "message_delta", json =>
        {
            json.WriteStartObject("delta");
            StopReasons.Write(json, finish, hasRefusal);
            json.WriteEndObject();
            MessageWriting.WriteUsage(json, usage);
            if (facts is not null)
                AnswerWriting.WriteFacts(json, facts);
        });
        Write(output, "message_stop", static _ => { });
    }

    public static void Error(IBufferWriter<byte> output, Failure failure, string requestId)
    {
        var body = new ArrayBufferWriter<byte>(256);
        AnthropicErrorEncoder.Write(body, failure, requestId);
        SseWriter.WriteData(output, "error", body.WrittenSpan);
    }

    private void Write(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> members)
    {
        _data.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type", type);
        members(_json);
        _json.WriteEndObject();
        _json.Flush();
        SseWriter.WriteData(output, type, _data.WrittenSpan);
    }
}
