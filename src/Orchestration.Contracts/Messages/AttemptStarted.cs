namespace Orchestration.Contracts.Messages;

/// <summary>A provider is about to be called. Durable before the first upstream byte.</summary>
public sealed record AttemptStarted
{
    /// <summary>UUIDv7 of the attempt, fixed before sending.</summary>
    public required Guid AttemptId { get; init; }

    /// <summary>UUIDv7 of the request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>0 for the first attempt of the request.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Rollup dimensions.</summary>
    public required LedgerDimensions Dimensions { get; init; }

    /// <summary>Where the attempt goes.</summary>
    public required AttemptTarget Target { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>
    /// Most that the attempt may cost, in the tenant's currency: zero or more, at most 15 digits after the point. It is what the attempt is
    /// settled at should nobody ever tell its end. Null when the sender does not know it.
    /// </summary>
    public decimal? Reserved { get; init; }
}

/// <summary>Where an attempt goes and what it is charged at.</summary>
public sealed record AttemptTarget
{
    /// <summary>Id of the deployment in the policy.</summary>
    public required string Deployment { get; init; }

    /// <summary>Provider of the deployment.</summary>
    public required string Provider { get; init; }

    /// <summary>Catalogue id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Region of the endpoint.</summary>
    public required string Region { get; init; }

    /// <summary>True when no real provider is behind the deployment.</summary>
    public required bool Simulated { get; init; }

    /// <summary>The full price record, protobuf JSON of orchestration.pricing.v1.PriceRecord.</summary>
    public required string Price { get; init; }

    /// <summary>Rate from the price's currency to the tenant's, greater than zero.</summary>
    public required decimal Rate { get; init; }

    /// <summary>Day of the rate, UTC.</summary>
    public required DateTimeOffset RateAsOf { get; init; }
}
