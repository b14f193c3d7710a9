using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Tables;

namespace Orchestration.Routing.Prices;

/// <summary>What has no price, now or soon.</summary>
internal static class UnpricedListing
{
    public static UnpricedDeployment Of(Deployment deployment) => new()
    {
        Deployment = deployment.Id,
        Provider = deployment.Provider,
        Model = deployment.Model,
        Region = deployment.Region,
        Simulated = deployment.Simulated,
    };

    public static ListUnpricedResponse List(BuiltTable built, DateTimeOffset until) => new()
    {
        Unpriced = { built.Table.Unpriced },
        Ending = { built.Table.Deployments.Values.Where(d => Ends(built, d, until)).Select(Ending).OrderBy(u => u.Since.ToDateTimeOffset()).ThenBy(u => u.Deployment, StringComparer.Ordinal) },
    };

    private static bool Ends(BuiltTable built, Deployment deployment, DateTimeOffset until) =>
        deployment.Price?.EffectiveTo?.ToDateTimeOffset() is { } end && end <= until
        && built.Inputs.Catalogue.Find($"{deployment.Provider}/{deployment.Model}") is { } model
        && built.Inputs.Catalogue.PriceFor(model, deployment.Region, end) is null;

    private static UnpricedDeployment Ending(Deployment deployment)
    {
        var ending = Of(deployment);
        (ending.Since, ending.PriceName) = (Timestamp.FromDateTimeOffset(deployment.Price.EffectiveTo.ToDateTimeOffset()), deployment.Price.PriceId);
        return ending;
    }
}
