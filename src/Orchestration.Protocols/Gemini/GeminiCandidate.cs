using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>One candidate of an answer while its chunks come in.</summary>
internal sealed class GeminiCandidate(int index, ResponseStarted reported, string origin)
{
    // Facts about the whole candidate; the last one of each holds.
    private static readonly string[] Facts = ["finishMessage", "safetyRatings", "citationMetadata", "groundingMetadata", "urlContextMetadata"];

    private readonly ChoiceParts _parts = new(index);
    private readonly SortedList<string, string> _facts = new(StringComparer.Ordinal);
    private GeminiPartialCall? _partial;
    private PartKind _openKind;
    private int _open = -1;
    private int _calls;
    private char _pending;
    private bool _hasContent;

    /// <summary>The provider's word for a proper end; null while the candidate runs.</summary>
    public string? RawFinish { get; private set; }

    public TextSize Size => _parts.Size;

    public Failure? Read(JsonElement candidate, List<ChatEvent> events)
    {
        var logProbabilities = candidate.TryGet("logprobsResult", out var result) ? GeminiLogProbabilities.Convert(result) : "";
        if (candidate.TryGet("content", out var content))
        {
            foreach (var part in content.ItemsOf("parts"))
                ReadPart(part, ref logProbabilities, events);
        }

        if (logProbabilities.Length > 0)
            Append(PartKind.Text, "", events, logProbabilities: logProbabilities);
        foreach (var fact in Facts)
        {
            if (candidate.TryGet(fact, out var value))
                _facts[fact] = JsonObjects.Compact(value.GetRawText());
        }

        var finish = candidate.TextOf("finishReason");
        if (finish is "" or "FINISH_REASON_UNSPECIFIED")
            return null;
        var failure = GeminiFinishReasons.FailureOf(finish, _hasContent);
        if (failure is null)
            RawFinish = finish;
        return failure;
    }

    /// <summary>Ends all parts.</summary>
    public void Close(List<ChatEvent> events)
    {
        EndPartial(events);
        CloseText(events);
        _parts.StopAll(events);
    }

    public Finish ToFinish()
    {
        var extensions = new JsonBag();
        foreach (var (name, value) in _facts)
            extensions.Add(name, value);
        return new Finish
        {
            ChoiceIndex = index,
            Reason = GeminiFinishReasons.Parse(RawFinish ?? "", _parts.HasToolCalls),
            RawReason = RawFinish ?? "",
            Extensions = extensions.ToString(),
        };
    }

    private void ReadPart(JsonElement part, ref string logProbabilities, List<ChatEvent> events)
    {
        var signature = part.TextOf("thoughtSignature");
        if (part.TryGet("functionCall", out var call))
            ReadCall(call, signature, events);
        else if (part.TryGet("text", out _))
            ReadText(part, signature, ref logProbabilities, events);
        else if (part.TryGet("inlineData", out var data))
            Append(PartKind.Text, "", events, extensions: ImageOf(data));
        else if (part.TryGet("executableCode", out var code))
            Append(PartKind.Text, $"```{code.TextOf("language").ToLowerInvariant()}\n{code.TextOf("code")}\n```\n", events);
        else if (part.TryGet("codeExecutionResult", out var output))
            Append(PartKind.Text, $"```\n{output.TextOf("output")}\n```\n", events);
        else if (signature.Length > 0)
            Append(PartKind.Text, "", events, extensions: ThoughtSignatures.ToExtensions(signature, origin));
    }

    private void ReadText(JsonElement part, string signature, ref string logProbabilities, List<ChatEvent> events)
    {
        var isThought = part.Flag("thought");
        var kind = isThought ? PartKind.Reasoning : PartKind.Text;
        if (kind != _openKind)
            CloseText(events);
        _openKind = kind;
        var text = part.TextOf("text", ref _pending);
        if (text.Length == 0 && signature.Length == 0)
            return;

        Append(
            kind,
            text,
            events,
            isThought ? signature : "",
            isThought ? "" : logProbabilities,
            isThought ? "" : ThoughtSignatures.ToExtensions(signature, origin));
        if (!isThought)
            logProbabilities = "";
    }

    private void Append(PartKind kind, string text, List<ChatEvent> events, string signature = "", string logProbabilities = "", string extensions = "")
    {
        EndPartial(events);
        if (kind != _openKind)
            CloseText(events);
        _openKind = kind;
        if (_open < 0)
            _open = _parts.Start(kind, events);

        _hasContent |= text.Length > 0 || extensions.Length > 0;
        _parts.Append(_open, text, events, signature, logProbabilities, extensions);
    }

    private void CloseText(List<ChatEvent> events)
    {
        if (_pending != '\0' && _open >= 0)
            _parts.Append(_open, "\uFFFD", events);
        _pending = '\0';
        if (_open >= 0)
            _parts.Stop(_open, events);
        _open = -1;
    }

    private void ReadCall(JsonElement call, string signature, List<ChatEvent> events)
    {
        var name = call.TextOf("name");
        // An empty call ends one that was streamed; where none was, it says nothing.
        if (_partial is null && name.Length == 0 && !call.TryGet("args", out _) && !call.TryGet("partialArgs", out _))
            return;

        CloseText(events);
        var goesOn = call.Flag("willContinue");
        if (_partial is not null && name.Length == 0)
        {
            _partial.Add(call);
            if (!goesOn)
                EndPartial(events);
            return;
        }

        EndPartial(events);
        var arguments = call.TryGet("args", out var args) && args.ValueKind == JsonValueKind.Object ? JsonObjects.Compact(args.GetRawText()) : "{}";
        var isPartial = goesOn || call.TryGet("partialArgs", out _);
        var part = StartCall(call.TextOf("id"), name, signature, events);
        if (isPartial)
        {
            _partial = new GeminiPartialCall(part, arguments, ThoughtSignatures.ToExtensions(signature, origin));
            _partial.Add(call);
            if (!goesOn)
                EndPartial(events);
            return;
        }

        _parts.Append(part, arguments, events, extensions: ThoughtSignatures.ToExtensions(signature, origin));
        _parts.Stop(part, events);
    }

    private int StartCall(string id, string name, string signature, List<ChatEvent> events)
    {
        _hasContent = true;
        var ordinal = _calls++;
        if (id.Length == 0)
            id = reported.ProviderResponseId.Length > 0 ? $"call_{reported.ProviderResponseId}_{index}_{ordinal}" : $"call_{Guid.CreateVersion7():N}";
        return _parts.Start(PartKind.ToolCall, events, new ToolCall { Id = id, Name = name, Signature = signature });
    }

    // Streamed arguments are told at once when they are complete: their pieces are no fragments of one JSON text.
    private void EndPartial(List<ChatEvent> events)
    {
        if (_partial is not { } partial)
            return;
        _partial = null;
        _parts.Append(partial.PartIndex, partial.Arguments, events, extensions: partial.Extensions);
        _parts.Stop(partial.PartIndex, events);
    }

    private static string ImageOf(JsonElement data)
    {
        var url = JsonSerializer.Serialize($"data:{data.TextOf("mimeType")};base64,{data.TextOf("data")}");
        return "{\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":" + url + "}}]}";
    }
}
