namespace Orchestration.Contracts.Messages;

/// <summary>The gateway let a request in. Durable before the request is executed.</summary>
public sealed record RequestAdmitted
{
    /// <summary>UUIDv7 of the request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Rollup dimensions.</summary>
    public required LedgerDimensions Dimensions { get; init; }

    /// <summary>Name that the client asked for.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>True when the client asked for a stream.</summary>
    public required bool Streamed { get; init; }

    /// <summary>True when no real provider stands in the chain.</summary>
    public required bool Simulated { get; init; }

    /// <summary>Most that the request may cost, in the tenant's currency.</summary>
    public required decimal Reserved { get; init; }

    /// <summary>Parts of budget leases that the reserve was taken from; empty when no budget applies.</summary>
    public IReadOnlyList<LeaseSlice> LeaseSlices { get; init; } = [];
}

/// <summary>An amount taken from one budget lease.</summary>
public sealed record LeaseSlice
{
    /// <summary>UUIDv7 of the lease.</summary>
    public required Guid LeaseId { get; init; }

    /// <summary>Amount in the tenant's currency, zero or more.</summary>
    public required decimal Amount { get; init; }
}
