using System.Buffers;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Anthropic;

namespace Orchestration.Protocols.Responses;

/// <summary>Makes the parts of an answer the items of a streamed response. Texts that follow each other stand in one message.</summary>
internal sealed class ResponseItems(ResponseObject response, ResponseEventWriter events)
{
    private readonly SortedList<int, StreamedPart> _parts = [];
    private readonly bool _encrypted = response.WantsEncrypted;
    private (ResponseItem Item, int Place)? _message;

    /// <summary>"provider/model" that answers.</summary>
    public string Origin { get; set; } = "";

    public void Start(IBufferWriter<byte> output, PartStart start)
    {
        var part = _parts[start.PartIndex] = new StreamedPart(start.Kind);
        if (start.Kind != PartKind.ToolCall)
            return;
        var call = start.ToolCall ?? new ToolCall();
        Place(output, part, response.Add(call));
        AppendBody(output, part, call.Arguments);
    }

    public void Append(IBufferWriter<byte> output, PartDelta delta)
    {
        if (!_parts.TryGetValue(delta.PartIndex, out var part))
            part = _parts[delta.PartIndex] = new StreamedPart(PartKind.Text);
        if (part.Kind == PartKind.ToolCall)
            AppendBody(output, part, delta.Text);
        else if (part.Kind == PartKind.Reasoning)
            AppendReasoning(output, part, delta);
        else
            AppendText(output, part, delta);
        foreach (var kept in ResponseExtensions.KeptItems(delta.Extensions))
            AddKept(output, kept);
    }

    public void Stop(IBufferWriter<byte> output, int index)
    {
        if (_parts.TryGetValue(index, out var part))
            Stop(output, part);
    }

    /// <summary>Ends every item; the last message has the status of the answer.</summary>
    public void End(IBufferWriter<byte> output)
    {
        foreach (var part in _parts.Values)
            Stop(output, part);
        CloseMessage(output, response.Items is [.., var last] && last == _message?.Item ? response.Status : ResponseItem.Completed);
    }

    private void Stop(IBufferWriter<byte> output, StreamedPart part)
    {
        if (part.IsStopped)
            return;
        part.IsStopped = true;
        if (part.Item is null)
            return;
        if (part.Text is not null)
            StopText(output, part);
        else
            StopItem(output, part);
    }

    private void AppendText(IBufferWriter<byte> output, StreamedPart part, PartDelta delta)
    {
        var annotations = ResponseExtensions.Annotations(delta.Extensions).ToList();
        var probabilities = ResponseExtensions.Probabilities(delta.LogProbabilities).ToList();
        if (delta.Text.Length + annotations.Count + probabilities.Count == 0)
            return;
        if (part.Text is null)
            BeginText(output, part);
        if (delta.Text.Length + probabilities.Count > 0)
        {
            part.Text!.Text.Append(delta.Text);
            part.Text.Probabilities.AddRange(probabilities);
            var json = BeginPiece(part.Text.IsRefusal ? "response.refusal.delta" : "response.output_text.delta", part);
            json.WriteString("delta", delta.Text);
            if (!part.Text.IsRefusal)
                ResponseText.WriteList(json, "logprobs", probabilities);
            events.End(output);
        }

        foreach (var annotation in annotations)
            Annotate(output, part, annotation);
    }

    private void Annotate(IBufferWriter<byte> output, StreamedPart part, string annotation)
    {
        var json = BeginPiece("response.output_text.annotation.added", part);
        json.WriteNumber("annotation_index", part.Text!.Annotations.Count);
        Json.JsonWriting.WriteJson(json, "annotation", annotation);
        events.End(output);
        part.Text.Annotations.Add(annotation);
    }

    private void AppendReasoning(IBufferWriter<byte> output, StreamedPart part, PartDelta delta)
    {
        var sealedContent = delta.Signature.Length > 0
            ? SignatureOrigin.Wrap(delta.Signature, Origin)
            : KeptBlocks.RedactedIn(delta.Extensions) is [var (data, origin), ..] ? SignatureOrigin.Wrap(data, origin.Length > 0 ? origin : Origin) : "";
        if (delta.Text.Length + sealedContent.Length == 0)
            return;
        if (part.Item is null)
            Place(output, part, response.Add("reasoning"));
        if (sealedContent.Length > 0)
            part.Item!.Encrypted = sealedContent;
        if (delta.Text.Length == 0)
            return;
        if (part.Item!.Body.Length == 0)
            WriteSummaryPart(output, "response.reasoning_summary_part.added", part, "");
        part.Item.Body.Append(delta.Text);
        var json = events.Begin("response.reasoning_summary_text.delta", part.Item, part.Place);
        json.WriteNumber("summary_index", 0);
        json.WriteString("delta", delta.Text);
        events.End(output);
    }

    private void AppendBody(IBufferWriter<byte> output, StreamedPart part, string text)
    {
        if (text.Length == 0)
            return;
        part.Item!.Body.Append(text);
        var json = events.Begin(CallEvent(part.Item, "delta"), part.Item, part.Place);
        json.WriteString("delta", text);
        events.End(output);
    }

    private void BeginText(IBufferWriter<byte> output, StreamedPart part)
    {
        if (_message is null)
        {
            var item = response.Add("message");
            Place(output, part, item);
            _message = (item, part.Place);
        }

        (part.Item, part.Place) = _message.Value;
        part.Text = new ResponseText(part.Kind == PartKind.Refusal);
        part.TextPlace = part.Item.Texts.Count;
        part.Item.Texts.Add(part.Text);
        WriteContentPart(output, "response.content_part.added", part);
    }

    private void StopText(IBufferWriter<byte> output, StreamedPart part)
    {
        var text = part.Text!;
        var json = BeginPiece(text.IsRefusal ? "response.refusal.done" : "response.output_text.done", part);
        json.WriteString(text.IsRefusal ? "refusal" : "text", text.Text.ToString());
        if (!text.IsRefusal)
            ResponseText.WriteList(json, "logprobs", text.Probabilities);
        events.End(output);
        WriteContentPart(output, "response.content_part.done", part);
        if (_message?.Item != part.Item && IsWhole(part.Item!))
            Done(output, part.Item!, part.Place, ResponseItem.Completed);
    }

    private void StopItem(IBufferWriter<byte> output, StreamedPart part)
    {
        var item = part.Item!;
        if (item.Call is not null)
        {
            var json = events.Begin(CallEvent(item, "done"), item, part.Place);
            json.WriteString("name", item.Call.Name);
            json.WriteString(item.ArgumentsMember, item.Body.ToString());
            events.End(output);
        }
        else if (item.Body.Length > 0)
        {
            var json = events.Begin("response.reasoning_summary_text.done", item, part.Place);
            json.WriteNumber("summary_index", 0);
            json.WriteString("text", item.Body.ToString());
            events.End(output);
            WriteSummaryPart(output, "response.reasoning_summary_part.done", part, item.Body.ToString());
        }

        Done(output, item, part.Place, ResponseItem.Completed);
    }

    // Whatever begins ends the message before it, unless one of its texts still grows.
    private void Place(IBufferWriter<byte> output, StreamedPart part, ResponseItem item)
    {
        CloseMessage(output, ResponseItem.Completed);
        (part.Item, part.Place) = (item, response.Items.Count - 1);
        events.Item(output, "response.output_item.added", item, part.Place, _encrypted);
    }

    private void AddKept(IBufferWriter<byte> output, string kept)
    {
        CloseMessage(output, ResponseItem.Completed);
        var item = new ResponseItem("", "kept") { Kept = kept };
        response.Items.Add(item);
        events.Item(output, "response.output_item.added", item, response.Items.Count - 1, _encrypted);
        events.Item(output, "response.output_item.done", item, response.Items.Count - 1, _encrypted);
    }

    private void CloseMessage(IBufferWriter<byte> output, string status)
    {
        if (_message is not var (item, place))
            return;
        _message = null;
        if (IsWhole(item))
            Done(output, item, place, status);
    }

    private bool IsWhole(ResponseItem message) => _parts.Values.All(part => part.Item != message || part.IsStopped);

    private void Done(IBufferWriter<byte> output, ResponseItem item, int place, string status)
    {
        item.Status = status;
        events.Item(output, "response.output_item.done", item, place, _encrypted);
    }

    private Utf8JsonWriter BeginPiece(string type, StreamedPart part)
    {
        var json = events.Begin(type, part.Item!, part.Place);
        json.WriteNumber("content_index", part.TextPlace);
        return json;
    }

    private void WriteContentPart(IBufferWriter<byte> output, string type, StreamedPart part)
    {
        var json = BeginPiece(type, part);
        json.WritePropertyName("part");
        part.Text!.Write(json);
        events.End(output);
    }

    private void WriteSummaryPart(IBufferWriter<byte> output, string type, StreamedPart part, string text)
    {
        var json = events.Begin(type, part.Item!, part.Place);
        json.WriteNumber("summary_index", 0);
        json.WritePropertyName("part");
        ResponseItem.WriteSummary(json, text);
        events.End(output);
    }

    private static string CallEvent(ResponseItem item, string what) => item.IsCustomCall
        ? $"response.custom_tool_call_input.{what}"
        : $"response.function_call_arguments.{what}";
}
