namespace Orchestration.Benchmarks.Ledger;

/// <summary>A moment at which parts are killed or stopped.</summary>
/// <param name="After">Finished requests from which on it is due.</param>
/// <param name="Parts">One part, or two at once.</param>
/// <param name="Frozen">How long they are stopped; null when they are killed.</param>
internal sealed record FaultStep(int After, IReadOnlyList<string> Parts, TimeSpan? Frozen);
