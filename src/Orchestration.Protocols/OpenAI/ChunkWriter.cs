using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Writes what all chunks of an answer have in common, around what differs.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A JSON writer over a buffer that it does not own holds nothing to release.")]
internal sealed class ChunkWriter(string id, string model, long created, bool includeUsage)
{
    private readonly Utf8JsonWriter _writer = new(Stream.Null, JsonWriting.Options);
    private readonly JsonEncodedText _id = JsonEncodedText.Encode(id, JsonWriting.Options.Encoder);
    private JsonEncodedText _model = JsonEncodedText.Encode(model, JsonWriting.Options.Encoder);
    private ResponseStarted? _response;

    public ResponseStarted? Response
    {
        set
        {
            _response = value;
            if (model.Length == 0)
                _model = JsonEncodedText.Encode(value?.Model ?? "", JsonWriting.Options.Encoder);
        }
    }

    /// <summary>Begins a chunk of one choice; the caller writes the members of <c>delta</c> and calls <see cref="EndDelta"/>.</summary>
    public Utf8JsonWriter BeginDelta(IBufferWriter<byte> output, int choice)
    {
        BeginChunk(output);
        _writer.WriteStartObject();
        _writer.WriteNumber("index"u8, choice);
        _writer.WriteStartObject("delta"u8);
        return _writer;
    }

    public void EndDelta(IBufferWriter<byte> output, string logProbabilities = "", Finish? finish = null)
    {
        _writer.WriteEndObject();
        if (logProbabilities.Length > 0)
            JsonWriting.WriteJson(_writer, "logprobs", logProbabilities);
        else
            _writer.WriteNull("logprobs"u8);

        if (finish is null)
        {
            _writer.WriteNull("finish_reason"u8);
        }
        else
        {
            _writer.WriteString("finish_reason"u8, FinishReasons.Name(finish.Reason));
            ExtraMembers.Parse(finish.Extensions).Write(_writer, "index", "delta", "logprobs", "finish_reason");
        }

        _writer.WriteEndObject();
        _writer.WriteEndArray();
        if (includeUsage)
            _writer.WriteNull("usage"u8);
        EndChunk(output);
    }

    public void WriteUsage(IBufferWriter<byte> output, Usage? usage, OrchestrationFacts? facts)
    {
        BeginChunk(output);
        _writer.WriteEndArray();
        AnswerWriting.WriteUsage(_writer, usage);
        if (facts is not null)
            AnswerWriting.WriteFacts(_writer, facts);
        EndChunk(output);
    }

    private void BeginChunk(IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        _writer.Reset(output);
        _writer.WriteStartObject();
        _writer.WriteString("id"u8, _id);
        _writer.WriteString("object"u8, "chat.completion.chunk"u8);
        _writer.WriteNumber("created"u8, created);
        _writer.WriteString("model"u8, _model);
        AnswerWriting.WriteBackend(_writer, _response);
        _writer.WriteStartArray("choices"u8);
    }

    private void EndChunk(IBufferWriter<byte> output)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        output.Write("\n\n"u8);
    }
}
