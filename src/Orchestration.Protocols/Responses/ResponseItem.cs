using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>One item of an answer as its client is shown it, complete or while it grows.</summary>
internal sealed class ResponseItem(string id, string type)
{
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Incomplete = "incomplete";

    public string Id => id;

    public string Type => type;

    public string Status { get; set; } = InProgress;

    /// <summary>Texts and refusals of a message.</summary>
    public List<ResponseText> Texts { get; } = [];

    /// <summary>The call of a call's item.</summary>
    public ToolCall? Call { get; init; }

    /// <summary>Arguments of a call, or the text of reasoning.</summary>
    public StringBuilder Body { get; } = new();

    /// <summary>What only the origin of reasoning can read; empty when none.</summary>
    public string Encrypted { get; set; } = "";

    /// <summary>An item that the canonical model does not know, whole.</summary>
    public string Kept { get; init; } = "";

    public bool IsCustomCall => type == "custom_tool_call";

    /// <summary>Name of the member that holds a call's arguments.</summary>
    public string ArgumentsMember => IsCustomCall ? "input" : "arguments";

    public void Write(Utf8JsonWriter json, bool encrypted)
    {
        if (Kept.Length > 0)
        {
            ExtraMembers.WriteUntrusted(json, Kept);
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", type);
        if (type == "message")
            WriteMessage(json);
        else if (type == "reasoning")
            WriteReasoning(json, encrypted);
        else
            WriteCall(json);
        json.WriteEndObject();
    }

    private void WriteMessage(Utf8JsonWriter json)
    {
        json.WriteString("status", Status);
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        foreach (var text in Texts)
            text.Write(json);
        json.WriteEndArray();
    }

    private void WriteReasoning(Utf8JsonWriter json, bool encrypted)
    {
        json.WriteStartArray("summary");
        if (Body.Length > 0)
            WriteSummary(json, Body.ToString());
        json.WriteEndArray();
        if (encrypted && Encrypted.Length > 0)
            json.WriteString("encrypted_content", Encrypted);
    }

    /// <summary>Writes the one part of a reasoning item's summary.</summary>
    public static void WriteSummary(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "summary_text");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private void WriteCall(Utf8JsonWriter json)
    {
        json.WriteString("status", Status);
        json.WriteString("call_id", Call!.Id);
        json.WriteString("name", Call.Name);
        json.WriteString(ArgumentsMember, Body.ToString());
    }
}
