using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat;

/// <summary>One chat request with its answer and everything that shapes the response.</summary>
internal sealed record ChatExchange(
    HttpContext Context,
    Vendor Vendor,
    ChatRequest Request,
    string Model,
    Answer Answer,
    Fault? Fault,
    JournalEntry Entry,
    RequestShape Shape,
    Pace Pace)
{
    public VendorWire Wire { get; } = Vendor.WireFor(Model, Shape.Variant);

    /// <summary>True when reasoning is part of the text that the client sees.</summary>
    public bool ShowsReasoning => Vendor.Reasoning == ReasoningForm.Text && !Request.HidesReasoning;

    /// <summary>True when reasoning stands in the answer's text, between marks.</summary>
    public bool InlinesReasoning => ShowsReasoning && Wire.Inline switch
    {
        InlineThinking.Always => true,
        InlineThinking.UnlessSplit => !Request.SplitsReasoning,
        InlineThinking.WhenRaw => Request.RawReasoning,
        _ => false,
    };

    public long Created { get; } = Entry.StartedAt.ToUnixTimeSeconds();

    /// <summary>Whole calls only, in one chunk or with the finish, unless the request asks for fragments.</summary>
    public CallTiming Calls => Wire.ToolStream && Request.ToolStream ? CallTiming.Fragments : Wire.Calls;

    public string? FinishReason(AnswerChoice choice) => Fault switch
    {
        { Kind: FaultKind.NoFinish } => null,
        { Kind: FaultKind.Finish, Text: { } reason } => reason,
        _ => choice.FinishReason == "tool_calls" ? Wire.CallsFinish : choice.FinishReason,
    };

    /// <summary>The text that a client sees, with the reasoning in it for a vendor that puts it there.</summary>
    public string VisibleContent(AnswerChoice choice) => InlinesReasoning && choice.Reasoning.Count > 0
        ? ThinkMarks.Open + choice.Reasoning.Text + ThinkMarks.Close + choice.Content.Text
        : choice.Content.Text;
}

/// <summary>What parts reasoning from text.</summary>
internal static class ThinkMarks
{
    public const string Open = "<think>\n";
    public const string Close = "\n</think>\n\n";
}
