namespace Orchestration.Benchmarks.Conformance;

/// <summary>What one field of the table says.</summary>
/// <param name="Mark">Whether it held.</param>
/// <param name="Reason">Why not; empty when it held.</param>
internal sealed record CellResult(CellMark Mark, string Reason = "")
{
    public static readonly CellResult Holds = new(CellMark.Holds);

    public string Symbol => Mark switch
    {
        CellMark.Holds => "✓",
        CellMark.Absent => "–",
        CellMark.Missing => "missing",
        _ => "✗",
    };

    public static CellResult Absent(string reason) => new(CellMark.Absent, reason);

    /// <summary>Holds when nothing is wrong.</summary>
    public static CellResult Of(string? wrong) => wrong is null ? Holds : new CellResult(CellMark.Fails, wrong);
}

internal enum CellMark
{
    Holds,

    /// <summary>The vendor has no such thing.</summary>
    Absent,

    /// <summary>The vendor has it, the product has not: told, and never taken for proven.</summary>
    Missing,

    Fails,
}
