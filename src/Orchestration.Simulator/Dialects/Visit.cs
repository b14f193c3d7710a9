using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Dialects;

/// <summary>One call that has been let in, with everything that shapes its answer.</summary>
internal sealed record Visit(
    HttpContext Context,
    Vendor Vendor,
    WireDialect Dialect,
    string Model,
    Fault? Fault,
    JournalEntry Entry,
    RequestShape Shape,
    Pace Pace);

/// <summary>A request that has been read.</summary>
/// <param name="Model">Model as sent, a fault behind its name included.</param>
/// <param name="Stream">True when the answer is to be streamed.</param>
/// <param name="Request">The request in the dialect's own terms.</param>
internal sealed record Asked<T>(string Model, bool Stream, T Request);
