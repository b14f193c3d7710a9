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
    /// <summary>True when reasoning is part of the text that the client sees.</summary>
    public bool ShowsReasoning => Vendor.Reasoning == ReasoningForm.Text;

    public long Created { get; } = Entry.StartedAt.ToUnixTimeSeconds();
}
