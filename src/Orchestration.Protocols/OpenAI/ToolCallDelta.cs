using System.Text;
using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>One entry of <c>tool_calls</c> in a delta, whatever shape it has.</summary>
internal ref struct ToolCallDelta()
{
    public int? Index { get; private set; }

    public string Id { get; private set; } = "";

    public string Kind { get; private set; } = "";

    public string Name { get; private set; } = "";

    /// <summary>Arguments given as JSON instead of a string; they are taken as their text.</summary>
    public string RawArguments { get; private set; } = "";

    /// <summary>Stands on the argument string when there is one.</summary>
    public Utf8JsonReader Arguments;

    public bool HasArguments { get; private set; }

    public JsonBag Others;

    /// <summary>Reads the object at the reader; <paramref name="data"/> is what the reader reads.</summary>
    public static ToolCallDelta Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        var delta = new ToolCallDelta();
        delta.ReadMembers(ref reader, data, isInner: false);
        return delta;
    }

    private void ReadMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, bool isInner)
    {
        var innerOthers = new JsonBag();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader;
            reader.Read();
            if (isInner ? ReadFunctionMember(ref name, ref reader, data) : ReadCallMember(ref name, ref reader, data))
                continue;
            if (isInner)
                innerOthers.Add(name.GetString()!, RawText.At(ref reader, data));
            else
                Others.Add(name.GetString()!, RawText.At(ref reader, data));
        }

        if (isInner)
            Others.Add("function", innerOthers);
    }

    private bool ReadCallMember(ref Utf8JsonReader name, ref Utf8JsonReader value, ReadOnlySpan<byte> data)
    {
        if (name.ValueTextEquals("index"u8))
        {
            if (value.TokenType == JsonTokenType.Number && value.TryGetInt32(out var index))
                Index = index;
        }
        else if (name.ValueTextEquals("id"u8))
        {
            Id = Text(ref value);
        }
        else if (name.ValueTextEquals("type"u8))
        {
            Kind = value.ValueTextEqualsString("function"u8) ? "" : Text(ref value);
        }
        else if ((name.ValueTextEquals("function"u8) || name.ValueTextEquals("custom"u8)) && value.TokenType == JsonTokenType.StartObject)
        {
            ReadMembers(ref value, data, isInner: true);
        }
        else
        {
            // A flat call (the old function_call) has the members of the function beside its own.
            return value.TokenType == JsonTokenType.Null || ReadFunctionMember(ref name, ref value, data);
        }

        return true;
    }

    private bool ReadFunctionMember(ref Utf8JsonReader name, ref Utf8JsonReader value, ReadOnlySpan<byte> data)
    {
        if (name.ValueTextEquals("name"u8))
        {
            Name = Text(ref value);
            return true;
        }

        if (!name.ValueTextEquals("arguments"u8) && !name.ValueTextEquals("input"u8))
            return value.TokenType == JsonTokenType.Null;

        if (value.TokenType == JsonTokenType.String)
        {
            Arguments = value;
            HasArguments = true;
        }
        else if (value.TokenType != JsonTokenType.Null)
        {
            RawArguments = RawText.At(ref value, data);
        }

        return true;
    }

    private static string Text(ref Utf8JsonReader value)
    {
        if (value.TokenType == JsonTokenType.String)
        {
            var pending = '\0';
            return JsonText.Read(ref value, ref pending);
        }

        // Ids as numbers have been seen; objects and arrays are no ids.
        if (value.TokenType == JsonTokenType.Number)
            return Encoding.UTF8.GetString(value.ValueSpan);
        value.Skip();
        return "";
    }
}
