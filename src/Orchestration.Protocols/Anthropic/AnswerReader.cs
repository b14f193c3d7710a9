using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Anthropic;

/// <summary>What plain and streamed answers have in common: who answers, usage, blocks, end.</summary>
internal sealed class AnswerReader(AnthropicDecodingOptions options)
{
    private readonly MessageUsage _usage = new(options.InclusiveInput);
    private bool _hasStarted;
    private string _stopSequence = "";
    private string _stopDetails = "";
    private string _explanation = "";
    private bool _suspect;

    public AnswerBlocks Blocks { get; } = new(options);

    public ResponseStarted Reported { get; } = new();

    public Usage? Usage { get; private set; }

    public bool UsageSuspect => _suspect;

    public string StopReason { get; private set; } = "";

    public Failure? Start(JsonElement message)
    {
        var id = message.Text("id");
        if (_hasStarted)
            return id == Reported.ProviderResponseId || id.Length == 0 ? null : ProviderFailures.Protocol("The provider's answer holds a second answer.");

        _hasStarted = true;
        Reported.ProviderResponseId = id;
        Reported.ReportedModel = message.Text("model");
        ReadUsage(message.Member("usage"), isStart: true);
        return null;
    }

    public void ReadUsage(JsonElement usage, bool isStart = false)
    {
        if (usage.ValueKind != JsonValueKind.Object)
            return;
        if (isStart)
            _usage.AddStart(usage);
        else
            _usage.Add(usage);
        if (usage.Text("service_tier") is { Length: > 0 } tier)
            Reported.ServiceTier = tier;
        Usage = _usage.ToUsage(out _suspect);
    }

    /// <summary>Reads the members that tell the end, of a message or of the delta of one.</summary>
    public void ReadStop(JsonElement source)
    {
        if (source.Text("stop_reason") is { Length: > 0 } reason)
            StopReason = reason;
        if (source.Text("stop_sequence") is { Length: > 0 } sequence)
            _stopSequence = sequence;
        if (source.Member("stop_details") is not { ValueKind: JsonValueKind.Object } details)
            return;
        _stopDetails = details.GetRawText();
        _explanation = details.Text("explanation");
    }

    /// <summary>Ends the answer properly.</summary>
    public void Finish(List<ChatEvent> events)
    {
        Blocks.StopAll(events);
        if (StopReason == "refusal" && _explanation.Length > 0)
        {
            var part = Blocks.Parts.Start(PartKind.Refusal, events);
            Blocks.Parts.Append(part, _explanation, events);
            Blocks.Parts.Stop(part, events);
        }

        AddUsage(events);
        var extensions = new JsonBag();
        if (_stopDetails.Length > 0)
            extensions.Add("stop_details", _stopDetails);
        if (StopReason == "pause_turn")
            extensions.Add("stop_reason", "\"pause_turn\"");
        events.Add(new ChatEvent
        {
            Finish = new Finish
            {
                Reason = StopReasons.Parse(StopReason, Blocks.HasToolCalls),
                RawReason = StopReason,
                StopSequence = _stopSequence,
                Extensions = extensions.ToString(),
            },
        });
    }

    public void AddUsage(List<ChatEvent> events)
    {
        if (Usage is not null)
            events.Add(new ChatEvent { Usage = Usage });
    }
}
