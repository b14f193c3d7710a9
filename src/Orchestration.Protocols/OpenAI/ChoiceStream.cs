using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Writes the chunks of one choice.</summary>
internal sealed class ChoiceStream(int index, ChunkWriter chunks)
{
    private readonly Dictionary<int, (PartKind Kind, int Ordinal, string ToolKind)> _parts = [];
    private bool _sentRole;
    private int _toolCalls;

    public bool IsFinished { get; private set; }

    public void Start(IBufferWriter<byte> output, PartStart start)
    {
        var call = start.ToolCall;
        var isCall = start.Kind == PartKind.ToolCall && call is not null;
        _parts[start.PartIndex] = (start.Kind, isCall ? _toolCalls++ : 0, call?.Kind ?? "");
        if (isCall)
            WriteToolCall(output, call!, _toolCalls - 1);
        else if (!_sentRole)
            WriteRole(output, start.Kind == PartKind.Text);
    }

    public void Append(IBufferWriter<byte> output, PartDelta delta)
    {
        if (delta.Text.Length == 0 && delta.Extensions.Length == 0 && delta.LogProbabilities.Length == 0)
            return;

        var (kind, ordinal, toolKind) = _parts.GetValueOrDefault(delta.PartIndex, (PartKind.Text, 0, ""));
        var writer = Begin(output);
        if (kind == PartKind.ToolCall)
        {
            WriteArguments(writer, delta, ordinal, toolKind);
        }
        else
        {
            if (delta.Text.Length > 0)
                writer.WriteString(NameOf(kind), delta.Text);
            if (delta.Extensions.Length > 0)
                ExtraMembers.Parse(delta.Extensions).Write(writer, "role", "content", "reasoning_content", "refusal", "tool_calls");
        }

        chunks.EndDelta(output, delta.LogProbabilities);
    }

    public void Finish(IBufferWriter<byte> output, Finish finish)
    {
        if (IsFinished)
            return;

        if (!_sentRole)
            WriteRole(output, withContent: true);
        chunks.BeginDelta(output, index);
        chunks.EndDelta(output, finish: finish);
        IsFinished = true;
    }

    private static string NameOf(PartKind kind) => kind switch
    {
        PartKind.Reasoning => "reasoning_content",
        PartKind.Refusal => "refusal",
        _ => "content",
    };

    private static void WriteArguments(Utf8JsonWriter writer, PartDelta delta, int ordinal, string toolKind)
    {
        var kind = toolKind.Length == 0 ? "function" : toolKind;
        var extra = ExtraMembers.Parse(delta.Extensions);
        writer.WriteStartArray("tool_calls"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, ordinal);
        writer.WriteStartObject(kind);
        writer.WriteString(kind == "function" ? "arguments" : "input", delta.Text);
        extra.Nested(kind).Write(writer, "name", "arguments", "input");
        writer.WriteEndObject();
        extra.Write(writer, "index", "id", "type", kind);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void WriteToolCall(IBufferWriter<byte> output, ToolCall call, int ordinal)
    {
        var kind = call.Kind.Length == 0 ? "function" : call.Kind;
        var writer = chunks.BeginDelta(output, index);
        if (!_sentRole)
        {
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteNull("content"u8);
            _sentRole = true;
        }

        writer.WriteStartArray("tool_calls"u8);
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, ordinal);
        writer.WriteString("id"u8, call.Id);
        writer.WriteString("type"u8, kind);
        writer.WriteStartObject(kind);
        writer.WriteString("name"u8, call.Name);
        writer.WriteString(kind == "function" ? "arguments" : "input", call.Arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
        chunks.EndDelta(output);
    }

    private Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        if (!_sentRole)
            WriteRole(output, withContent: true);
        return chunks.BeginDelta(output, index);
    }

    private void WriteRole(IBufferWriter<byte> output, bool withContent)
    {
        var writer = chunks.BeginDelta(output, index);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("content", withContent ? "" : null);
        writer.WriteNull("refusal"u8);
        chunks.EndDelta(output);
        _sentRole = true;
    }
}
