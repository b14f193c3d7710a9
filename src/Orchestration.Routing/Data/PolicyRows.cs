namespace Orchestration.Routing.Data;

/// <summary>One change of the active version. Rows are only ever added.</summary>
internal sealed class PolicyActivationRow
{
    public long Sequence { get; init; }
    public required long Version { get; init; }

    /// <summary>0 when none was active.</summary>
    public required long PreviousVersion { get; init; }

    public required string Author { get; init; }
    public string Comment { get; init; } = "";
    public required DateTimeOffset ActivatedAt { get; init; }
}

/// <summary>A gateway with the table that it plans by, as it said itself.</summary>
internal sealed class PolicyNodeRow
{
    public required string Node { get; init; }
    public required string TableVersion { get; init; }
    public required string PolicyVersion { get; init; }
    public required DateTimeOffset AppliedAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
}
