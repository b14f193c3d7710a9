using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>A request whose cost became known, or is not what it was.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="TenantId">Tenant that pays.</param>
/// <param name="Cost">What it costs now, in <paramref name="Currency"/>.</param>
/// <param name="PreviousCost">What it cost before; null when its cost was not known before.</param>
/// <param name="StartedAt">When it was admitted.</param>
/// <param name="Currency">Billing currency of the tenant.</param>
/// <param name="Simulated">True when no real provider was behind it.</param>
/// <param name="Slices">Parts of leases that its reserve was taken from.</param>
internal sealed record SettledRequest(
    Guid RequestId,
    string TenantId,
    decimal Cost,
    decimal? PreviousCost,
    DateTimeOffset StartedAt,
    string Currency,
    bool Simulated,
    IReadOnlyList<LeaseSlice> Slices);
