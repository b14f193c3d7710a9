using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>A call of a tool of the caller's.</summary>
internal sealed class CallItem(string id, string type, ChoiceParts parts, string fallbackId) : OutputItem(id, type, parts)
{
    private TextRun? _run;
    private bool _hasArguments;

    private bool IsCustom => Type == "custom_tool_call";

    private string Member => IsCustom ? "input" : "arguments";

    /// <summary>Begins the call as soon as its name is known. Arguments beside it are repeated by later events, so they wait.</summary>
    public void Start(JsonElement item, List<ChatEvent> events)
    {
        var name = item.TextOf("name");
        if (_run is not null || name.Length == 0)
            return;
        var callId = item.TextOf("call_id") is { Length: > 0 } given ? given : Id.Length > 0 ? Id : fallbackId;
        _run = new TextRun(Parts.Start(PartKind.ToolCall, events, new ToolCall { Id = callId, Name = name, Kind = IsCustom ? "custom" : "" }));
    }

    public override void Read(string type, JsonElement root, List<ChatEvent> events)
    {
        switch (type)
        {
            case "response.function_call_arguments.delta" or "response.custom_tool_call_input.delta" when _run is not null:
                Append(_run.Add(root), events);
                break;
            case "response.function_call_arguments.done" or "response.custom_tool_call_input.done":
                Start(root, events);
                Append(_run?.Rest(root.TextOf(Member)) ?? "", events);
                break;
        }
    }

    public override void Complete(JsonElement item, List<ChatEvent> events)
    {
        Start(item, events);
        Append(_run?.Rest(item.TextOf(Member)) ?? "", events);
        // A call without arguments is a call with none.
        if (!_hasArguments && !IsCustom)
            Append("{}", events);
    }

    public override void Close(List<ChatEvent> events)
    {
        if (_run is null)
            return;
        _run.End(Parts, events);
        Parts.Stop(_run.Part, events);
    }

    private void Append(string text, List<ChatEvent> events)
    {
        if (_run is null || text.Length == 0)
            return;
        _hasArguments = true;
        Parts.Append(_run.Part, text, events);
    }
}
