using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat.Templates;

/// <summary>What fills the gaps of one answer's templates; a stream sets what its next event carries.</summary>
internal sealed class AnswerSlots(ChatExchange exchange)
{
    private const string OtherModel = "another-model-than-asked";
    private readonly VendorWire _wire = exchange.Wire;
    private readonly bool _shuffled = exchange.Wire.Shuffled || exchange.Fault?.Kind == FaultKind.Shuffle;
    private StableRandom _order = new((ulong)exchange.Entry.Seq);

    /// <summary>The choice that is written; null for a chunk without choices.</summary>
    public AnswerChoice? Choice { get; set; }

    /// <summary>True for a whole answer, false for a chunk of a stream.</summary>
    public bool Whole { get; set; }

    public Template? Delta { get; set; }

    public string? Finish { get; set; }

    public string Text { get; set; } = "";

    /// <summary>Position in the choice's content of the token whose probability is asked for; null for none.</summary>
    public int? Logprob { get; set; }

    /// <summary>True when this chunk carries usage.</summary>
    public bool Usage { get; set; }

    public bool ChoiceUsage { get; set; }

    /// <summary>True for the first chunk of a stream and for its last.</summary>
    public bool Edge { get; set; }

    public bool Flagged { get; set; }

    /// <summary>Padding of the chunk; null for a vendor or a request without.</summary>
    public string? Obfuscation { get; set; }

    public ToolCallSlots Calls { get; } = new(exchange);

    public UsageFigures Figures { get; } = new(exchange);

    /// <summary>How far an object's members are turned from the vendor's order.</summary>
    public int Turn(int members) => _shuffled && members > 1 ? _order.Next(members) : 0;

    public bool Has(Slot slot) => slot switch
    {
        Slot.Finish => Finish is not null,
        Slot.Delta => Delta is not null,
        Slot.Logprobs => Whole ? exchange.Request.Logprobs && Choice!.Content.Count > 0 : Logprob is not null,
        Slot.Calls => Whole ? Choice!.ToolCalls.Count > 0 : Calls.Any,
        Slot.CallIndex or Slot.CallId or Slot.CallName or Slot.Arguments => Calls.Any,
        Slot.Content => Choice!.ToolCalls.Count == 0 || Choice.Content.Count > 0,
        Slot.Reasoning => exchange.ShowsReasoning && !exchange.InlinesReasoning && Choice!.Reasoning.Count > 0,
        Slot.Usage => Usage && Figures.Any,
        Slot.AskedUsage => exchange.Request.IncludeUsage && Figures.Any,
        Slot.ChoiceUsage => ChoiceUsage && Figures.Any,
        Slot.ReasoningTokens => exchange.Answer.ReasoningTokens > 0,
        Slot.Cost => exchange.Entry.Price is not null,
        Slot.EdgeId => Edge,
        Slot.EndInput or Slot.EndOutput => Edge && Finish is not null || Whole,
        Slot.Obfuscation => Obfuscation is not null,
        _ => true,
    };

    public void Write(Slot slot, IBufferWriter<byte> writer)
    {
        switch (slot)
        {
            case Slot.Id or Slot.EdgeId: writer.WriteString(exchange.Entry.Id); break;
            case Slot.Model: writer.WriteString(exchange.Fault?.Kind == FaultKind.OtherModel ? OtherModel : exchange.Model); break;
            case Slot.Created: writer.WriteNumber(exchange.Created); break;
            case Slot.Choices: WriteChoices(writer); break;
            case Slot.Index: writer.WriteNumber(Choice?.Index ?? 0); break;
            case Slot.Delta: Delta!.Write(writer, this); break;
            case Slot.Finish: writer.WriteString(Finish!); break;
            case Slot.Logprobs: WriteLogprobs(writer); break;
            case Slot.Text: writer.WriteString(Text); break;
            case Slot.Calls: Calls.WriteAll(writer, this, Whole ? Choice!.ToolCalls : null); break;
            case Slot.CallIndex or Slot.CallId or Slot.CallName or Slot.Arguments: Calls.Write(slot, writer); break;
            case Slot.Message: _wire.Message.Write(writer, this); break;
            case Slot.Content: writer.WriteString(exchange.VisibleContent(Choice!)); break;
            case Slot.Reasoning: writer.WriteString(Choice!.Reasoning.Text); break;
            case Slot.Usage or Slot.ChoiceUsage: WriteUsage(writer); break;
            case Slot.AskedUsage when !Usage: writer.Write("null"u8); break;
            case Slot.AskedUsage: WriteUsage(writer); break;
            case Slot.Flag: writer.WriteNumber(Flagged ? 2 : 0); break;
            case Slot.Obfuscation: writer.WriteString(Obfuscation!); break;
            case Slot.Cost: writer.WriteText(Figures.Cost.ToString("0.##########", CultureInfo.InvariantCulture)); break;
            default: writer.WriteNumber(Figures[slot]); break;
        }
    }

    private void WriteUsage(IBufferWriter<byte> writer) => (Whole ? _wire.Usage : _wire.StreamUsage ?? _wire.Usage).Write(writer, this);

    private void WriteChoices(IBufferWriter<byte> writer)
    {
        writer.Write("["u8);
        if (Whole)
            WriteWholeChoices(writer);
        else if (Choice is not null)
            (Delta == _wire.Deltas.CallTrailing && _wire.TrailingChoice is { } trailing ? trailing : _wire.Choice).Write(writer, this);
        writer.Write("]"u8);
    }

    private void WriteWholeChoices(IBufferWriter<byte> writer)
    {
        foreach (var choice in exchange.Answer.Choices)
        {
            if (choice.Index > 0)
                writer.Write(","u8);
            Choice = choice;
            Finish = exchange.FinishReason(choice);
            _wire.WholeChoice.Write(writer, this);
        }
    }

    private void WriteLogprobs(IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer, WireJson.Options);
        var text = Choice!.Content;
        LogprobsJson.Write(json, text, Whole ? 0 : Logprob!.Value, Whole ? text.Count : 1);
    }
}
