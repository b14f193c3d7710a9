namespace Orchestration.Pricing;

/// <summary>Rates of a tier, per million tokens, of what nearly every request uses.</summary>
/// <param name="Input">Of the prompt.</param>
/// <param name="CacheRead">Of the part of it that comes from the provider's prompt cache.</param>
/// <param name="Output">Of the answer, reasoning included.</param>
public readonly record struct TokenRates(decimal Input, decimal CacheRead, decimal Output);
