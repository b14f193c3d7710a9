using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Policy;

/// <summary>Finds mistakes of meaning in what routes choose by.</summary>
internal sealed class ChoiceValidation(PolicyDocument policy, ModelCatalogue catalogue)
{
    public IEnumerable<PolicyError> Run() => [.. policy.Routes.SelectMany(Check), .. policy.Quality.SelectMany(Check), .. CheckPools()];

    private IEnumerable<PolicyError> Check(PolicyRoute route)
    {
        var (path, choice) = ($"routes.{route.Name}", route.Choice);
        if ((choice.IsScored || choice.Split.Count > 0 || choice.Sticky) && route.Mode != "chat")
            yield return new PolicyError(choice.Line, path, $"chooses among models for {route.Mode}; only routes for chat can");
        if (choice.Baseline is not { } baseline) yield break;
        if (catalogue.Find(baseline.Target) is not { } model) yield return new PolicyError(baseline.Line, $"{path}.baseline", $"'{baseline.Target}' is not in the catalogue");
        else if (model.Mode != route.Mode) yield return new PolicyError(baseline.Line, $"{path}.baseline", $"'{baseline.Target}' is for {model.Mode}, not for {route.Mode}");
        else if (model.Prices.All(price => price.Tiers.Count == 0)) yield return new PolicyError(baseline.Line, $"{path}.baseline", $"'{baseline.Target}' has no price to compare with");
    }

    private IEnumerable<PolicyError> Check(QualityPolicy quality)
    {
        if (catalogue.Find(quality.Model) is null) yield return new PolicyError(quality.Line, $"quality.{quality.Model}", "is not in the catalogue");
    }

    private IEnumerable<PolicyError> CheckPools()
    {
        if (policy.Pools.Count > 0 && policy.Pools.Count < RequestClasses.All.Count)
            yield return new PolicyError(policy.Pools.Values.First()[0].Line, "pools", "lack one of simple, moderate and complex");
    }
}
