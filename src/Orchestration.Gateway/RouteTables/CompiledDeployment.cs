using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;
using Orchestration.Protocols;

namespace Orchestration.Gateway.RouteTables;

/// <summary>A deployment with its price ready to calculate.</summary>
/// <param name="deployment">As Routing sent it. Shared by all plans; not to be changed.</param>
/// <param name="price">Null when the price is missing or wrong: such a deployment is never planned.</param>
internal sealed class CompiledDeployment(Deployment deployment, Price? price)
{
    private readonly ComparableRates[] _rates = price is null ? [] : [.. price.Rates.Select(ComparableRates.Of)];

    public Deployment Deployment => deployment;

    public Price? Price => price;

    /// <summary>Tokenizer of the model.</summary>
    public TokenFamily Family { get; } = TokenFamily.Of(deployment.Model);

    public static CompiledDeployment Compile(Deployment deployment)
    {
        if (deployment.Price is null)
            return new CompiledDeployment(deployment, null);
        try
        {
            return new CompiledDeployment(deployment, Price.Parse(deployment.Price));
        }
        catch (InvalidPriceException)
        {
            return new CompiledDeployment(deployment, null);
        }
    }

    /// <summary>What the provider would charge for a request, in the currency of the price: a plain number to compare by, never to bill. Infinite when no tier of the price fits.</summary>
    public double ExpenseOf(double input, double cached, double output, DateTimeOffset at)
    {
        if (price is null || price.FindTier((long)input, (long)output, at) is not (>= 0 and var tier))
            return double.PositiveInfinity;
        return _rates[tier].ExpenseOf(input, cached, output);
    }
}
