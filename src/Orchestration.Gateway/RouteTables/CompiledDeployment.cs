using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;

namespace Orchestration.Gateway.RouteTables;

/// <summary>A deployment with its price ready to calculate.</summary>
/// <param name="Deployment">As Routing sent it. Shared by all plans; not to be changed.</param>
/// <param name="Price">Null when the price is missing or wrong: such a deployment is never planned.</param>
internal sealed record CompiledDeployment(Deployment Deployment, Price? Price)
{
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
}
