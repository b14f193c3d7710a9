namespace Orchestration.Pricing;

/// <summary>What one usage comes to on both sides.</summary>
/// <param name="Cost">What the provider charges, in the price's currency.</param>
/// <param name="Billed">What the tenant pays, in the tenant's currency.</param>
/// <param name="IsPriced">False when something was used that a price has no rate for: the amounts are then the most that its tokens can cost, and lack its searches.</param>
public readonly record struct Charge(Money Cost, Money Billed, bool IsPriced);
