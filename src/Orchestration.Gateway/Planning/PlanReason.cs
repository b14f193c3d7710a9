using System.Globalization;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Planning;

/// <summary>Why the first candidate is first, in one sentence.</summary>
internal static class PlanReason
{
    public static string Of(CandidateSet set, CompiledRoute route, PickedClass picked)
    {
        var way = route.Weights is not null ? Scored(set, route) : route.Split is not null ? "First usable deployment of the request's arm of" : "First usable deployment of";
        return picked.Name.Length == 0 ? $"{way} route '{route.Route.Name}'." : $"{way} class '{picked.Name}' of route '{route.Route.Name}': {picked.Reason}.";
    }

    private static string Scored(CandidateSet set, CompiledRoute route)
    {
        if (set.Order.IsEmpty)
            return "No usable deployment of";
        var prefer = route.Route.Choice.Score.Prefer;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Best score ({set.Items[set.Order[0]].Score:0.000} of {set.Order.Length}, {(prefer.Length > 0 ? prefer : "weights of its own")}) of");
    }
}
