namespace Orchestration.Indexing.Ingestion;

internal enum SetbackKind
{
    /// <summary>Another try may do; how many there are is limited.</summary>
    Passing,

    /// <summary>What the work needs is away: the document waits for it, for a day at most.</summary>
    SomethingIsAway,

    /// <summary>Every try would end the same way.</summary>
    Permanent,
}

/// <summary>Why a try ended without a result.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Reason">For people.</param>
/// <param name="Kind">What to do next.</param>
internal sealed record Setback(string Code, string Reason, SetbackKind Kind);
