namespace Orchestration.Pricing;

/// <summary>What a usage costs.</summary>
/// <param name="Total">Exactly the sum of the lines.</param>
/// <param name="Lines">One line per token class that was used.</param>
/// <param name="TierIndex">Position of the tier that priced the whole request.</param>
public sealed record Cost(Money Total, IReadOnlyList<CostLine> Lines, int TierIndex);

/// <summary>One token class of a cost.</summary>
/// <param name="TokenClass">What was counted.</param>
/// <param name="Tokens">How many; units for <see cref="TokenClass.Search"/>.</param>
/// <param name="Rate">Price per 1,000,000 tokens; per unit for <see cref="TokenClass.Search"/>.</param>
/// <param name="Amount">Exactly tokens times rate.</param>
public readonly record struct CostLine(TokenClass TokenClass, long Tokens, decimal Rate, Money Amount);
