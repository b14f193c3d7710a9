using Orchestration.Contracts.Messages;
using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Recording;

/// <summary>A request whose cost is to be booked on the leases that it was admitted under.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="TenantId">Its tenant.</param>
/// <param name="Cost">What it costs now, in <paramref name="Currency"/>.</param>
/// <param name="PreviousCost">What is booked for it already; null when nothing is.</param>
/// <param name="StartedAt">When it began, which fixes the budget period.</param>
/// <param name="Currency">Currency of the tenant.</param>
/// <param name="Simulated">True when no real provider was behind it: its cost is never spend.</param>
/// <param name="Slices">The parts of leases that its reserve was taken from; not empty.</param>
internal sealed record SettledRequest(
    Guid RequestId,
    string TenantId,
    decimal Cost,
    decimal? PreviousCost,
    DateTimeOffset StartedAt,
    string Currency,
    bool Simulated,
    IReadOnlyList<LeaseSlice> Slices)
{
    /// <summary>What a change of a row books: null when no lease is known, or when the cost stays what it was.</summary>
    public static SettledRequest? Of(RequestFacts? before, RequestFacts after) =>
        after.Slices is { Count: > 0 } slices && after.Booked is { } cost && before?.Booked != cost
            ? new SettledRequest(
                after.Id, after.Dimensions.TenantId, cost, before?.Booked, after.Dimensions.StartedAt,
                after.Dimensions.Currency, after.Dimensions.Simulated, slices)
            : null;
}
