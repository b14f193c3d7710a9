using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>What a run of the verb does and what it must show.</summary>
internal sealed record LedgerPlan
{
    public required ModelName Model { get; init; }

    public required int Requests { get; init; }

    public required int Clients { get; init; }

    public required int Kills { get; init; }

    public required int Stops { get; init; }

    public required int Seed { get; init; }

    public required TimeSpan Longest { get; init; }

    public required TimeSpan Freeze { get; init; }

    public required double? MaxRatio { get; init; }

    public required TimeSpan Drain { get; init; }

    public required TimeSpan? Sweep { get; init; }

    public required double? MaxLost { get; init; }

    public required double? MaxDuplicated { get; init; }

    public required bool Built { get; init; }
}
