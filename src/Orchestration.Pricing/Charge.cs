namespace Orchestration.Pricing;

/// <summary>What one usage comes to on both sides.</summary>
/// <param name="Cost">What the provider charges, in the price's currency.</param>
/// <param name="Billed">What the tenant pays, in the tenant's currency.</param>
public readonly record struct Charge(Money Cost, Money Billed);
