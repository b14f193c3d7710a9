namespace Orchestration.Routing.Tables;

/// <summary>Keeps a production environment from answering by default with anything simulated.</summary>
internal static class ProductionFence
{
    /// <summary>Why the environment must not start, or null.</summary>
    public static string? Refusal(BuiltTable built)
    {
        var blocked = built.Inputs.Policy.Routes
            .Where(route => route.Mode == "chat")
            .Where(route => !built.Table.Routes.TryGetValue(route.Name, out var made) || UsesSimulated(built, made))
            .Select(route => $"'{route.Name}'").ToList();
        return blocked.Count == 0
            ? null
            : $"Routing:Production is true, but no vendor of the route(s) {string.Join(", ", blocked)} has a credential, so that only simulated "
                + "models could answer. Give Providers a key of one of the vendors, change the routes in the policy, or set Routing:Production to false.";
    }

    private static bool UsesSimulated(BuiltTable built, Contracts.Routing.V1.Route route) =>
        route.Chain.Concat(route.ClassChains.Values.SelectMany(c => c.Deployments)).Any(id => built.Table.Deployments[id].Simulated);
}
