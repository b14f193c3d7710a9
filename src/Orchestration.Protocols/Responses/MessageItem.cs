using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Responses;

/// <summary>A message of an answer: texts and refusals.</summary>
internal sealed class MessageItem(string id, ChoiceParts parts) : OutputItem(id, "message", parts)
{
    private readonly SortedList<int, TextRun> _runs = [];

    public override void Read(string type, JsonElement root, List<ChatEvent> events)
    {
        var index = Index(root, "content_index");
        switch (type)
        {
            case "response.output_text.delta":
                Append(index, PartKind.Text, root, events);
                break;
            case "response.refusal.delta":
                Append(index, PartKind.Refusal, root, events);
                break;
            case "response.output_text.done":
                Finish(index, PartKind.Text, root.TextOf("text"), "", events);
                break;
            case "response.refusal.done":
                Finish(index, PartKind.Refusal, root.TextOf("refusal"), "", events);
                break;
            case "response.content_part.done" when root.TryGet("part", out var part):
                Finish(index, part, events);
                break;
            case "response.output_text.annotation.added" when root.TryGet("annotation", out var annotation):
                Annotate(RunOf(index, PartKind.Text, events), annotation, events);
                break;
        }
    }

    public override void Complete(JsonElement item, List<ChatEvent> events)
    {
        foreach (var (index, part) in item.ItemsOf("content").Index())
            Finish(index, part, events);
    }

    public override void Close(List<ChatEvent> events)
    {
        foreach (var run in _runs.Values)
        {
            run.End(Parts, events);
            Parts.Stop(run.Part, events);
        }
    }

    private TextRun RunOf(int index, PartKind kind, List<ChatEvent> events)
    {
        if (_runs.TryGetValue(index, out var run))
            return run;
        Close(events);
        return _runs[index] = new TextRun(Parts.Start(kind, events));
    }

    private void Append(int index, PartKind kind, JsonElement root, List<ChatEvent> events)
    {
        var logProbabilities = LogProbabilities(root);
        if (!_runs.ContainsKey(index) && logProbabilities.Length == 0 && root.TextOf("delta").Length == 0)
            return;
        var run = RunOf(index, kind, events);
        var text = run.Add(root);
        if (text.Length + logProbabilities.Length > 0)
            Parts.Append(run.Part, text, events, logProbabilities: logProbabilities);
    }

    private void Finish(int index, JsonElement part, List<ChatEvent> events)
    {
        if (part.TextOf("type") == "refusal")
        {
            Finish(index, PartKind.Refusal, part.TextOf("refusal"), "", events);
            return;
        }

        Finish(index, PartKind.Text, part.TextOf("text"), LogProbabilities(part), events);
        foreach (var (number, annotation) in part.ItemsOf("annotations").Index())
        {
            if (number >= RunOf(index, PartKind.Text, events).Annotations)
                Annotate(_runs[index], annotation, events);
        }
    }

    // The probabilities of a whole text are those of its deltas, so they count only where there was none.
    private void Finish(int index, PartKind kind, string whole, string logProbabilities, List<ChatEvent> events)
    {
        var isNew = !_runs.ContainsKey(index);
        if (isNew && whole.Length == 0)
            return;
        var run = RunOf(index, kind, events);
        if (run.Rest(whole) is { Length: > 0 } rest)
            Parts.Append(run.Part, rest, events, logProbabilities: isNew ? logProbabilities : "");
    }

    private void Annotate(TextRun run, JsonElement annotation, List<ChatEvent> events)
    {
        run.Annotations++;
        Parts.Append(run.Part, "", events, extensions: ToExtensions(annotation));
    }

    // Clients of chat completions know citations of addresses with their members one level deeper.
    private static string ToExtensions(JsonElement annotation)
    {
        if (annotation.ValueKind != JsonValueKind.Object || annotation.TextOf("type") != "url_citation")
            return $$"""{"annotations":[{{annotation.GetRawText()}}]}""";
        var members = new JsonBag();
        foreach (var member in annotation.EnumerateObject().Where(member => member.Name != "type"))
            members.Add(member);
        return $$"""{"annotations":[{"type":"url_citation","url_citation":{{(members.IsEmpty ? "{}" : members.ToString())}}}]}""";
    }

    private static string LogProbabilities(JsonElement source) =>
        source.TryGet("logprobs", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? $$"""{"content":{{list.GetRawText()}}}""" : "";
}
