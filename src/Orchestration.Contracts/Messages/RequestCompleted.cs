namespace Orchestration.Contracts.Messages;

/// <summary>What the tenant did, as the gateway saw it end.</summary>
public sealed record RequestCompleted
{
    /// <summary>UUIDv7 of the request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Rollup dimensions.</summary>
    public required LedgerDimensions Dimensions { get; init; }

    /// <summary>Name that the client asked for.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>Provider that answered; empty when none did.</summary>
    public required string Provider { get; init; }

    /// <summary>Catalogue id of the model that answered; empty when none did.</summary>
    public required string Model { get; init; }

    /// <summary>"ok", or the code of the failure that the client saw.</summary>
    public required string Status { get; init; }

    /// <summary>"exact", "estimated" or "released".</summary>
    public required string Settlement { get; init; }

    /// <summary>Sum of what the attempts cost, in the tenant's currency.</summary>
    public required decimal Cost { get; init; }

    /// <summary>What the request would have cost without routing, in the tenant's currency; null where that is not known.</summary>
    public decimal? Baseline { get; init; }

    /// <summary>Number of attempts; the ledger waits for as many.</summary>
    public required int AttemptCount { get; init; }

    /// <summary>True when the client asked for a stream.</summary>
    public required bool Streamed { get; init; }

    /// <summary>True when the client left before the end.</summary>
    public required bool ClientGone { get; init; }

    /// <summary>True when no real provider was behind the answer.</summary>
    public required bool Simulated { get; init; }

    /// <summary>"hit", "semantic_hit", "miss" or "bypass".</summary>
    public required string Cache { get; init; }

    /// <summary>When the request was settled, UTC.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Milliseconds from admission to the first token sent to the client; null when none was.</summary>
    public double? TimeToFirstTokenMs { get; init; }
}
