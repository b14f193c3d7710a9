namespace Orchestration.Metrics.Reconciliation.Checks;

/// <summary>What can be wrong.</summary>
internal static class GapKind
{
    public const string Rollup = "rollup";
    public const string Slice = "slice";
    public const string Outbox = "outbox";
    public const string Budget = "budget";
    public const string Quarantine = "quarantine";
}

/// <summary>Something that does not agree.</summary>
/// <param name="Kind">What does not.</param>
/// <param name="Day">Day of UTC; null for what belongs to none.</param>
/// <param name="TenantId">Tenant; empty for what belongs to none.</param>
/// <param name="Subject">Id or name of what it is about.</param>
/// <param name="Expected">What should stand there.</param>
/// <param name="Actual">What stands there.</param>
internal sealed record Gap(string Kind, DateOnly? Day, string TenantId, string Subject, string Expected, string Actual);

/// <summary>All that one look found.</summary>
/// <param name="Total">Number of gaps.</param>
/// <param name="Shown">The first of them.</param>
internal sealed record Gaps(long Total, IReadOnlyList<Gap> Shown);
