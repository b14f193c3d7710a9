namespace Orchestration.Pricing;

/// <summary>A price is missing or wrong. A model without a valid price is not used, and never free of charge.</summary>
/// <param name="member">The member at fault, for example "tiers[1].output".</param>
/// <param name="reason">What is wrong with it, as the end of a sentence.</param>
public sealed class InvalidPriceException(string member, string reason) : Exception($"Price member {member} {reason}.")
{
    /// <summary>The member at fault, for example "tiers[1].output".</summary>
    public string Member { get; } = member;

    /// <summary>What is wrong with it, as the end of a sentence.</summary>
    public string Reason { get; } = reason;
}
