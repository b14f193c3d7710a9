using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>
/// Reasoning of an answer: summaries, or the text itself from models that show it, and the encrypted content that goes back to its origin.
/// For clients of other protocols it has the form that they know from Anthropic's thinking blocks.
/// </summary>
internal sealed class ReasoningItem(string id, ChoiceParts parts, string origin) : OutputItem(id, "reasoning", parts)
{
    private readonly Dictionary<(string Kind, int Index), TextRun> _runs = [];
    private readonly StringBuilder _text = new();
    private int _part = -1;
    private bool _isSigned;

    public override void Read(string type, JsonElement root, List<ChatEvent> events)
    {
        switch (type)
        {
            case "response.reasoning_summary_text.delta":
                Append("summary", Index(root, "summary_index"), root, events);
                break;
            case "response.reasoning_text.delta":
                Append("content", Index(root, "content_index"), root, events);
                break;
            case "response.reasoning_summary_text.done":
                Finish("summary", Index(root, "summary_index"), root, events);
                break;
            case "response.reasoning_text.done":
                Finish("content", Index(root, "content_index"), root, events);
                break;
            case "response.reasoning_summary_part.done" when root.TryGet("part", out var part):
                Finish("summary", Index(root, "summary_index"), part, events);
                break;
        }
    }

    public override void Complete(JsonElement item, List<ChatEvent> events)
    {
        foreach (var kind in new[] { "summary", "content" })
        {
            foreach (var (index, part) in item.ItemsOf(kind).Index())
                Finish(kind, index, part, events);
        }

        var content = item.TextOf("encrypted_content");
        if (content.Length == 0 || _isSigned)
            return;
        _isSigned = true;
        if (_text.Length > 0)
        {
            Parts.Append(_part, "", events, content, extensions: AnswerBlocks.ThinkingBlocks(
                ("type", "thinking"), ("thinking", _text.ToString()), ("signature", content), ("origin", origin)));
            return;
        }

        Begin(events);
        Parts.Append(_part, "", events, extensions: AnswerBlocks.ThinkingBlocks(("type", "redacted_thinking"), ("data", content), ("origin", origin)));
    }

    public override void Close(List<ChatEvent> events)
    {
        foreach (var run in _runs.Values)
            run.End(Parts, events);
        if (_part >= 0)
            Parts.Stop(_part, events);
    }

    private void Begin(List<ChatEvent> events)
    {
        if (_part < 0)
            _part = Parts.Start(PartKind.Reasoning, events);
    }

    private void Append(string kind, int index, JsonElement root, List<ChatEvent> events)
    {
        if (root.TextOf("delta").Length > 0)
            Append(RunOf(kind, index, events).Add(root), events);
    }

    private void Finish(string kind, int index, JsonElement source, List<ChatEvent> events)
    {
        var text = source.TextOf("text");
        if (text.Length > 0)
            Append(RunOf(kind, index, events).Rest(text), events);
    }

    private TextRun RunOf(string kind, int index, List<ChatEvent> events)
    {
        if (_runs.TryGetValue((kind, index), out var run))
            return run;
        Begin(events);
        if (_runs.Count > 0)
            Append("\n\n", events);
        return _runs[(kind, index)] = new TextRun(_part);
    }

    private void Append(string text, List<ChatEvent> events)
    {
        if (text.Length == 0)
            return;
        _text.Append(text);
        Parts.Append(_part, text, events);
    }
}
