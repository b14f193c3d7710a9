using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Execution;

/// <summary>
/// What a tenant sees of its attempts: what it pays. What a provider charges, and by that the margin, is the operators' business; they see
/// both in the ledger.
/// </summary>
internal static class TenantView
{
    public static Summary? Of(Summary? summary)
    {
        foreach (var attempt in summary?.Attempts ?? [])
            attempt.Cost = attempt.Billed;
        return summary;
    }

    public static RequestRecord Of(RequestRecord record)
    {
        foreach (var attempt in record.Attempts)
        {
            attempt.Cost = attempt.Billed;
            if (attempt.Price?.Billing is not null)
                attempt.Price = null;
        }

        return record;
    }
}
