using System.Text;
using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>One text or refusal of a message, complete or while it grows.</summary>
internal sealed class ResponseText(bool isRefusal)
{
    public bool IsRefusal => isRefusal;

    public StringBuilder Text { get; } = new();

    /// <summary>Citations, each as JSON.</summary>
    public List<string> Annotations { get; } = [];

    /// <summary>Probabilities of tokens, each as JSON.</summary>
    public List<string> Probabilities { get; } = [];

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", isRefusal ? "refusal" : "output_text");
        json.WriteString(isRefusal ? "refusal" : "text", Text.ToString());
        if (!isRefusal)
        {
            WriteList(json, "annotations", Annotations);
            WriteList(json, "logprobs", Probabilities);
        }

        json.WriteEndObject();
    }

    public static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            ExtraMembers.WriteUntrusted(json, item);
        json.WriteEndArray();
    }
}
