using Google.Protobuf;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Querying;

/// <summary>What is looked for, checked and read.</summary>
internal sealed record SearchTerms
{
    /// <summary>Empty reads as an operator, over all tenants.</summary>
    public required string TenantId { get; init; }

    /// <summary>The conditions as they were told; the members below are read from it.</summary>
    public required RequestFilter Filter { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }

    /// <summary>Tags that must stand in the row, as JSON; null for none.</summary>
    public string? Tags { get; init; }
    public decimal? MinCost { get; init; }
    public bool OldestFirst { get; init; }

    /// <summary>Names the list for its page tokens: another tenant, filter or order is another list.</summary>
    public string List => TenantId + (OldestFirst ? "\noldest\n" : "\nnewest\n") + Filter.ToByteString().ToBase64();
}
