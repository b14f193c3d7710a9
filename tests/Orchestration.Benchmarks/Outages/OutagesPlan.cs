using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Outages;

/// <summary>What a run of the verb does and what it must show.</summary>
internal sealed record OutagesPlan
{
    public required ModelName Model { get; init; }

    /// <summary>Parts that are stopped, one after the other.</summary>
    public required IReadOnlyList<string> Parts { get; init; }

    /// <summary>How long each is.</summary>
    public required TimeSpan Outage { get; init; }

    /// <summary>Time before each outage to compare it with, and after it in which everything must be as before.</summary>
    public required TimeSpan Calm { get; init; }

    /// <summary>Clients of each of the three kinds.</summary>
    public required int Clients { get; init; }

    /// <summary>Live streams of the gateway that is told to end; 0 leaves that out.</summary>
    public required int Streams { get; init; }

    public required double? MaxRatio { get; init; }

    public required double? MaxAlive { get; init; }

    public required TimeSpan Drain { get; init; }

    public required bool Built { get; init; }
}
