using Wire = Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Execution;

/// <summary>The words for how a request is settled, in answers and receipts.</summary>
internal static class SettlementNames
{
    public static string Of(Wire.Settlement settlement) => settlement switch
    {
        Wire.Settlement.Exact => "exact",
        Wire.Settlement.Estimated => "estimated",
        Wire.Settlement.Released => "released",
        Wire.Settlement.Recovered => "recovered",
        _ => "open",
    };
}
