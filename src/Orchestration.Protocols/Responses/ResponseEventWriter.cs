using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.Sse;

namespace Orchestration.Protocols.Responses;

/// <summary>Writes the named, numbered events of a streamed response.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A JSON writer over a buffer of its own holds nothing to release.")]
internal sealed class ResponseEventWriter
{
    private readonly ArrayBufferWriter<byte> _data = new(512);
    private readonly Utf8JsonWriter _json;
    private string _type = "";
    private int _sequence;

    public ResponseEventWriter() => _json = new Utf8JsonWriter(_data, JsonWriting.Options);

    /// <summary>Begins an event; its members follow on the writer.</summary>
    public Utf8JsonWriter Begin(string type)
    {
        _type = type;
        _data.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("type", type);
        _json.WriteNumber("sequence_number", _sequence++);
        return _json;
    }

    /// <summary>Begins an event about a piece of an item.</summary>
    public Utf8JsonWriter Begin(string type, ResponseItem item, int place)
    {
        var json = Begin(type);
        json.WriteString("item_id", item.Id);
        json.WriteNumber("output_index", place);
        return json;
    }

    public void End(IBufferWriter<byte> output)
    {
        _json.WriteEndObject();
        _json.Flush();
        SseWriter.WriteData(output, _type, _data.WrittenSpan);
    }

    public void Whole(IBufferWriter<byte> output, string type, ResponseObject response, bool withItems)
    {
        var json = Begin(type);
        json.WritePropertyName("response");
        response.Write(json, withItems);
        End(output);
    }

    public void Item(IBufferWriter<byte> output, string type, ResponseItem item, int place, bool encrypted)
    {
        var json = Begin(type);
        json.WriteNumber("output_index", place);
        json.WritePropertyName("item");
        item.Write(json, encrypted);
        End(output);
    }
}
