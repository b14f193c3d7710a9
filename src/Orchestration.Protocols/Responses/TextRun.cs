using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>A text that comes in deltas and then once more as a whole.</summary>
internal sealed class TextRun(int part)
{
    private char _pending;
    private int _length;

    public int Part => part;

    /// <summary>Number of annotations that were told.</summary>
    public int Annotations { get; set; }

    /// <summary>What a delta adds.</summary>
    public string Add(JsonElement root)
    {
        var text = root.TextOf("delta", ref _pending);
        _length += text.Length;
        return text;
    }

    /// <summary>What a whole text adds to the deltas before it.</summary>
    public string Rest(string whole)
    {
        if (whole.Length <= _length)
            return "";
        var rest = whole[_length..];
        _length = whole.Length;
        _pending = '\0';
        return rest;
    }

    /// <summary>Ends the text; half a surrogate pair at its end is a broken character.</summary>
    public void End(ChoiceParts parts, List<ChatEvent> events)
    {
        if (_pending != '\0')
            parts.Append(part, "\uFFFD", events);
        _pending = '\0';
    }
}
