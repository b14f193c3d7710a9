using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Tables;

/// <summary>Every name that a client may ask for. Routes win over aliases, aliases over full names, full names over bare ids.</summary>
internal sealed class NameIndex(PolicyDocument policy, ModelCatalogue catalogue, IReadOnlySet<string> routes)
{
    private readonly SortedDictionary<string, NameTarget> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _policyRoutes = policy.Routes.ToDictionary(r => r.Name, r => r.Name, StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, NameTarget> Build()
    {
        foreach (var route in policy.Routes) Add(route.Name, route.Name, []);
        foreach (var alias in policy.Aliases) AddAlias(alias);

        var models = catalogue.Models.Where(m => m.Mode is "chat" or "embedding" or "rerank").ToList();
        foreach (var model in models)
        {
            AddModel(model, $"{model.Provider}/{model.Id}");
            AddModel(model, $"{model.Provider}:{model.Id}");
        }

        foreach (var sameId in models.GroupBy(m => m.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() == 1))
            AddModel(sameId.First(), sameId.Key);
        return _names;
    }

    private void AddAlias(PolicyAlias alias)
    {
        if (_policyRoutes.TryGetValue(alias.Target, out var route))
            Add(alias.Name, route, alias.Retired ? [Retired(alias.Name, route)] : []);
        else if (catalogue.Find(alias.Target) is { } model && catalogue.Served(model) is { } served)
            Add(alias.Name, served.Key, alias.Retired || !model.IsServed ? [Retired(alias.Name, served.Key)] : []);
    }

    private void AddModel(CatalogueModel model, string name)
    {
        if (catalogue.Served(model) is { } served) Add(name, served.Key, model.IsServed ? [] : [Retired(name, served.Key)]);
    }

    private void Add(string name, string route, IEnumerable<Warning> warnings)
    {
        if (!routes.Contains(route)) return;
        _names.TryAdd(name.ToLowerInvariant(), new NameTarget { Route = route, Warnings = { warnings } });
    }

    private static Warning Retired(string name, string successor) => new()
    {
        Code = "model_retired",
        Param = "model",
        Message = $"'{name}' is retired; '{successor}' answers and is what the request costs.",
    };
}
