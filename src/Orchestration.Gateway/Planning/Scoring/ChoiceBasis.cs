using Orchestration.Contracts.Pricing.V1;
using Orchestration.Pricing;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>What a choice was made by, kept until the request is settled: predictions are corrected and costs compared by it.</summary>
/// <param name="Size">Size of the prompt.</param>
/// <param name="Keys">What it has in common with others.</param>
/// <param name="Choices">Number of answers asked for.</param>
/// <param name="Baseline">What costs are compared with; null when the route declares nothing.</param>
internal sealed record ChoiceBasis(TextSize Size, RequestKeys Keys, int Choices, BaselinePrice? Baseline);

/// <summary>Price of the model that the costs of a route are compared with, as the tenant would pay it.</summary>
internal sealed record BaselinePrice(string Model, Price Price, ExchangeRate Rate)
{
    /// <summary>What a usage would have cost there; null when that cannot be calculated.</summary>
    public Pricing.Money? CostOf(Usage usage, DateTimeOffset startedAt)
    {
        try
        {
            return Price.ChargeOf(usage, startedAt, thinking: usage.ReasoningTokens > 0, serviceTier: "", Rate).Billed;
        }
        catch (Exception exception) when (exception is OverflowException or FormatException or InvalidOperationException or InvalidPriceException)
        {
            return null;
        }
    }
}
