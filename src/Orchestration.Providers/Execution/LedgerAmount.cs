using Orchestration.Pricing;

namespace Orchestration.Providers.Execution;

/// <summary>Amounts as the ledger can hold them.</summary>
internal static class LedgerAmount
{
    private const int MaxScale = 15;

    /// <summary>The amount with at most 15 digits after the point, rounded up: what is set aside must not be less than what may come.</summary>
    public static decimal AtLeast(Money money) => decimal.Round(Math.Max(0m, money.Amount), MaxScale, MidpointRounding.ToPositiveInfinity);
}
