namespace Orchestration.Metrics.Budgets.Data;

/// <summary>One row of <c>outbox_ranges</c>: numbers of an outbox slot whose events have been recorded.</summary>
internal sealed class OutboxRange
{
    public string Instance { get; init; } = "";
    public long FirstSequence { get; init; }
    public long LastSequence { get; init; }
}

/// <summary>One row of <c>outbox_turnovers</c>: the number at which a slot changed hands.</summary>
internal sealed class OutboxTurnover
{
    public string Instance { get; init; } = "";
    public long Sequence { get; init; }
}
