using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestration.Protocols.Json;

/// <summary>Collects members that the canonical model does not know, as the text of one JSON object. Values keep their notation.</summary>
internal struct JsonBag
{
    private StringBuilder? _text;

    public readonly bool IsEmpty => _text is null;

    public void Add(string name, string rawValue)
    {
        _text = _text is null ? new StringBuilder("{") : _text.Append(',');
        _text.Append('"').Append(JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append("\":").Append(rawValue);
    }

    public void Add(JsonProperty property) => Add(property.Name, property.Value.GetRawText());

    /// <summary>Adds a nested object unless it is empty.</summary>
    public void Add(string name, JsonBag nested)
    {
        if (!nested.IsEmpty)
            Add(name, nested.ToString());
    }

    /// <summary>The object's text; empty when nothing was added.</summary>
    public override readonly string ToString() => _text is null ? "" : _text + "}";
}
