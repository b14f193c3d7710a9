using System.Buffers;
using System.Text;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>
/// Brings parts that may grow side by side into a sequence of blocks. The first part that is not complete goes on as it comes;
/// the others wait for it.
/// </summary>
internal sealed class PartSequence(MessageEventWriter writer)
{
    private readonly Queue<StreamedPart> _waiting = [];
    private readonly Dictionary<int, StreamedPart> _all = [];
    private readonly StringBuilder _refusal = new();
    private StreamedPart? _current;
    private bool _textIsOpen;
    private bool _hasText;
    private bool _joinsText;

    /// <summary>"provider/model" that answers.</summary>
    public string Origin { get; set; } = "";

    public bool HasRefusal => _refusal.Length > 0;

    public void Start(IBufferWriter<byte> output, PartStart start)
    {
        var part = new StreamedPart(start.PartIndex, start.Kind, start.Kind == PartKind.ToolCall ? start.ToolCall ?? new ToolCall() : null);
        _all[start.PartIndex] = part;
        if (part.Kind != PartKind.Refusal)
            _waiting.Enqueue(part);
        Advance(output);
    }

    public void Append(IBufferWriter<byte> output, PartDelta delta)
    {
        if (!_all.TryGetValue(delta.PartIndex, out var part))
        {
            Start(output, new PartStart { PartIndex = delta.PartIndex, Kind = PartKind.Text });
            part = _all[delta.PartIndex];
        }

        if (part.Kind == PartKind.Refusal)
        {
            _refusal.Append(delta.Text);
            return;
        }

        part.Held.Append(delta.Text);
        if (delta.Signature.Length > 0)
            part.HeldSignature = delta.Signature;
        if (delta.Extensions.Length > 0)
            part.HeldExtensions.Add(delta.Extensions);
        if (part == _current && !IsHeldBack(part))
            Release(output, part);
    }

    public void Stop(IBufferWriter<byte> output, int index)
    {
        if (_all.TryGetValue(index, out var part))
            part.IsStopped = true;
        Advance(output);
    }

    /// <summary>Ends everything; a refusal that nothing else tells becomes text.</summary>
    public void End(IBufferWriter<byte> output, bool tellRefusal)
    {
        foreach (var part in _all.Values)
            part.IsStopped = true;
        Advance(output);
        if (tellRefusal && HasRefusal)
            WriteText(output, _refusal.ToString());
        writer.BlockStop(output);
    }

    private void Advance(IBufferWriter<byte> output)
    {
        while (true)
        {
            if (_current is { IsStopped: false })
                return;
            if (_current is not null)
                Close(output, _current);
            if (!_waiting.TryDequeue(out _current))
                return;
            if (!IsHeldBack(_current))
                Release(output, _current);
        }
    }

    // Reasoning behind text is worth a block of its own only if it is signed, which is known at its end: otherwise it
    // would cut the visible text into pieces.
    private bool IsHeldBack(StreamedPart part) => part.IsFreeText || (part.Kind == PartKind.Reasoning && _hasText);

    private void Release(IBufferWriter<byte> output, StreamedPart part)
    {
        if (part.Kind == PartKind.ToolCall)
            BeginCall(output, part);
        if (part.Held.Length > 0)
            WriteHeld(output, part);
        foreach (var extensions in part.HeldExtensions)
            WriteWholeBlocks(output, part, extensions);
        part.HeldExtensions.Clear();
        if (part is not { Kind: PartKind.Reasoning, HeldSignature.Length: > 0 })
            return;

        BeginThinking(output, part);
        writer.BlockDelta(output, "signature_delta", "signature", SignatureOrigin.Wrap(part.HeldSignature, Origin));
        part.HeldSignature = "";
    }

    private void WriteHeld(IBufferWriter<byte> output, StreamedPart part)
    {
        var text = part.Held.ToString();
        part.Held.Clear();
        part.HasText = true;
        switch (part.Kind)
        {
            case PartKind.ToolCall:
                writer.BlockDelta(output, "input_json_delta", "partial_json", text);
                break;
            case PartKind.Reasoning:
                BeginThinking(output, part);
                writer.BlockDelta(output, "thinking_delta", "thinking", text);
                break;
            default:
                BeginText(output, part);
                writer.BlockDelta(output, "text_delta", "text", text);
                _hasText = true;
                break;
        }
    }

    private void Close(IBufferWriter<byte> output, StreamedPart part)
    {
        if (IsHeldBack(part) && part.Kind == PartKind.Reasoning)
        {
            if (part.HeldSignature.Length > 0 || part.HeldExtensions.Exists(extensions => KeptBlocks.RedactedIn(extensions).Count > 0))
                Release(output, part);
            else
                _joinsText = true;
        }
        else if (part.IsFreeText)
        {
            var call = part.Call!.Clone();
            call.Arguments = part.Held.ToString();
            part.Held.Clear().Append(MessageWriting.InputOf(call));
            Release(output, part);
        }
        else if (part is { Kind: PartKind.ToolCall, HasText: false })
        {
            writer.BlockDelta(output, "input_json_delta", "partial_json", "{}");
        }

        // Text may go on behind reasoning that was left out, so that its block ends when the next one begins.
        if (!_textIsOpen)
            writer.BlockStop(output);
    }

    private void BeginCall(IBufferWriter<byte> output, StreamedPart part)
    {
        if (part.HasBlock)
            return;
        Begin(output, part, json =>
        {
            MessageWriting.WriteCall(json, part.Call!);
            json.WriteStartObject("input");
            json.WriteEndObject();
        });
    }

    private void BeginThinking(IBufferWriter<byte> output, StreamedPart part)
    {
        if (part.HasBlock)
            return;
        Begin(output, part, json =>
        {
            json.WriteString("type", "thinking");
            json.WriteString("thinking", "");
            json.WriteString("signature", "");
        });
    }

    private void BeginText(IBufferWriter<byte> output, StreamedPart part)
    {
        if (part.HasBlock)
            return;
        if (_textIsOpen && _joinsText)
            part.HasBlock = true;
        else
            Begin(output, part, BeginText);
        (_textIsOpen, _joinsText) = (true, false);
    }

    private void Begin(IBufferWriter<byte> output, StreamedPart part, Action<System.Text.Json.Utf8JsonWriter> members)
    {
        _textIsOpen = false;
        part.HasBlock = true;
        writer.BlockStart(output, members);
    }

    private void WriteWholeBlocks(IBufferWriter<byte> output, StreamedPart part, string extensions)
    {
        foreach (var (data, origin) in part.Kind == PartKind.Reasoning ? KeptBlocks.RedactedIn(extensions) : [])
        {
            Begin(output, part, json =>
            {
                json.WriteString("type", "redacted_thinking");
                json.WriteString("data", SignatureOrigin.Wrap(data, origin.Length > 0 ? origin : Origin));
            });
            writer.BlockStop(output);
        }

        foreach (var block in KeptBlocks.In(extensions))
        {
            _textIsOpen = false;
            writer.KeptBlock(output, block);
        }
    }

    private void WriteText(IBufferWriter<byte> output, string text)
    {
        writer.BlockStart(output, BeginText);
        writer.BlockDelta(output, "text_delta", "text", text);
    }

    private static void BeginText(System.Text.Json.Utf8JsonWriter json)
    {
        json.WriteString("type", "text");
        json.WriteString("text", "");
    }
}
