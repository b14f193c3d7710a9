using Orchestration.Contracts.Pricing.V1;
using Orchestration.Pricing;
using Orchestration.Routing.Catalogue;
using Money = Orchestration.Pricing.Money;

namespace Orchestration.Routing.Policy;

/// <summary>Finds every mistake of meaning: dangling names, duplicates, chains without models, caps.</summary>
internal sealed class PolicyValidation(PolicyDocument policy, ModelCatalogue catalogue)
{
    private const int MostRoutes = 10_000;
    private const int MostAliases = 50_000;
    private const int MostDeployments = 10_000;
    private const int MostChainMembers = 50;
    private static readonly string[] Modes = ["chat", "embedding", "rerank"];
    private readonly List<PolicyError> _errors = [];
    private readonly ILookup<string, PolicyDeployment> _deployments = policy.Deployments.ToLookup(d => d.Id, StringComparer.Ordinal);

    /// <exception cref="InvalidPolicyException">Any mistake; all of them are named.</exception>
    public static PolicyDocument Checked(string yaml, ModelCatalogue catalogue)
    {
        var policy = PolicyReader.Read(yaml);
        // The catalogue compiles prices, so models are right before they join it.
        var errors = PolicyModel.Check(policy.Models);
        if (errors.Count == 0) errors = new PolicyValidation(policy, catalogue.With(policy.Models)).Run();
        return errors.Count == 0 ? policy : throw new InvalidPolicyException(PolicyReader.Placed(errors, yaml));
    }

    public IReadOnlyList<PolicyError> Run()
    {
        if (policy.Routes.Count > MostRoutes) Add(1, "routes", $"are more than {MostRoutes}");
        if (policy.Deployments.Count > MostDeployments) Add(1, "deployments", $"are more than {MostDeployments}");
        if (policy.Aliases.Count > MostAliases) Add(1, "aliases", $"are more than {MostAliases}");
        if (_errors.Count > 0) return _errors;

        foreach (var rate in policy.Rates) CheckRate(rate);
        foreach (var endpoint in policy.Endpoints) CheckEndpoint(endpoint);
        CheckDeployments();
        CheckResidency();
        CheckRoutes();
        foreach (var (requestClass, pool) in policy.Pools) CheckChain("chat", pool, $"pools.{requestClass}");
        CheckAliases();
        CheckCaches();
        _errors.AddRange(new ChoiceValidation(policy, catalogue).Run());
        return [.. _errors.OrderBy(e => e.Line)];
    }

    /// <summary>Mistakes of the routes alone.</summary>
    public IReadOnlyList<PolicyError> RunRoutes()
    {
        CheckRoutes();
        return _errors;
    }

    private void CheckRate(PolicyRate rate)
    {
        var path = $"rates.{rate.From}-{rate.To}";
        if (policy.Rates.Any(other => other != rate && other.Line < rate.Line && other.From == rate.From && other.To == rate.To)) Add(rate.Line, path, "stands twice");
        if (rate.From == rate.To) Add(rate.Line, path, "is between one currency and itself");
        try
        {
            var digits = ExchangeRates.RateOf(new ExchangeRate { FromCurrency = rate.From, ToCurrency = rate.To, Rate = rate.Rate }).Scale;
            var priceDigits = catalogue.MostPriceDigits(rate.From);
            // Tokens are priced per million: six digits more than the price has.
            if (priceDigits + 6 + digits > Money.MostFractionDigits)
                Add(rate.Line, path, $"has {digits} digits after the point; with the prices in {rate.From} at most {Money.MostFractionDigits - 6 - priceDigits} stay exact");
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            Add(rate.Line, path, "is not a decimal number above zero with at most six digits after the point");
        }
    }

    private void CheckEndpoint(PolicyEndpoint endpoint)
    {
        var path = $"endpoints.{endpoint.Provider}";
        if (!catalogue.Models.Any(m => m.Provider == endpoint.Provider)) Add(endpoint.Line, path, "is not a provider of the catalogue");
        CheckAddress(endpoint.Line, path, endpoint.Region, endpoint.BaseUrl, endpoint.Protocol);
        foreach (var mode in endpoint.Modes.Where(m => !Modes.Contains(m))) Add(endpoint.Line, $"{path}.modes", $"'{mode}' is not chat, embedding or rerank");
        foreach (var id in endpoint.Except.Where(id => catalogue.Find($"{endpoint.Provider}/{id}") is null)) Add(endpoint.Line, $"{path}.except", $"'{id}' is not in the catalogue");
        if (policy.Endpoints.Any(o => o.Line < endpoint.Line && o.Provider == endpoint.Provider && o.Region == endpoint.Region && o.Modes.Intersect(endpoint.Modes).Any()))
            Add(endpoint.Line, path, $"has two endpoints for region {endpoint.Region}");
    }

    private void CheckDeployments()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var deployment in policy.Deployments)
        {
            var path = $"deployments.{deployment.Id}";
            if (!ids.Add(deployment.Id)) Add(deployment.Line, path, "stands twice");
            if (catalogue.Find(deployment.Id) is not null) Add(deployment.Line, path, "is the name of a model");
            if (catalogue.Find(deployment.Model) is null) Add(deployment.Line, $"{path}.model", $"'{deployment.Model}' is not in the catalogue");
            CheckAddress(deployment.Line, path, deployment.Region, deployment.BaseUrl, deployment.Protocol);
        }
    }

    private void CheckResidency()
    {
        foreach (var residency in policy.Residency)
        {
            var path = $"residency.{residency.Tenant}";
            if (residency.Regions.Count == 0) Add(residency.Line, path, "names no region");
            foreach (var region in residency.Regions.Where(r => r.Target is not ("cn" or "intl"))) Add(region, path, $"'{region.Target}' is not cn or intl");
        }
    }

    private void CheckAddress(int line, string path, string region, string baseUrl, string protocol)
    {
        if (region is not ("cn" or "intl")) Add(line, $"{path}.region", "is not cn or intl");
        if (!EndpointProtocols.IsKnown(protocol)) Add(line, $"{path}.protocol", $"is not one of {EndpointProtocols.Names}");
        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            Add(line, $"{path}.base_url", "is not an absolute http address without user, query and fragment");
    }

    private void CheckRoutes()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in policy.Routes)
        {
            var path = $"routes.{route.Name}";
            if (!names.Add(route.Name)) Add(route.Line, path, "stands twice");
            if (catalogue.Find(route.Name) is not null) Add(route.Line, path, "is the name of a model");
            if (!Modes.Contains(route.Mode)) Add(route.Line, $"{path}.mode", "is not chat, embedding or rerank");
            if (route.Chain.Count > 0 == route.ChoosesByClass) Add(route.Line, path, "has not exactly one of chain and classes");
            if (route.ChoosesByClass && !route.Classes.ContainsKey(route.DefaultClass)) Add(route.Line, $"{path}.default_class", "is not one of the route's classes");
            if (route.ChoosesByClass && route.Classes.Count < RequestClasses.All.Count) Add(route.Line, $"{path}.classes", "lacks one of simple, moderate and complex");
            foreach (var chain in route.OwnChains) CheckChain(route.Mode, chain, path);
        }
    }

    private void CheckChain(string mode, IReadOnlyList<PolicyReference> chain, string path)
    {
        if (chain.Count > MostChainMembers) Add(chain[0], path, $"has a chain of more than {MostChainMembers} members");
        foreach (var group in chain.GroupBy(r => r.Target, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)) Add(group.Last(), path, $"names '{group.Key}' twice in one chain");
        var embeds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var reference in chain)
        {
            var model = ModelOf(reference.Target);
            if (model is null) Add(reference, path, $"names '{reference.Target}', which is neither a model of the catalogue nor a deployment");
            else if (model.Mode != mode) Add(reference, path, $"is for {mode}, but '{reference.Target}' is for {model.Mode}");
            else if (!model.IsServed) Add(reference, path, $"names '{reference.Target}', which is {model.Status}; its successor is '{model.Successor ?? "not known"}'");
            else if (mode == "embedding") embeds.Add(model.Key);
        }

        if (embeds.Count > 1) Add(chain[0], path, "mixes embedding models, whose vectors cannot be compared");
    }

    private void CheckAliases()
    {
        var routes = policy.Routes.Select(r => r.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var alias in policy.Aliases)
        {
            var path = $"aliases.{alias.Name}";
            if (!names.Add(alias.Name)) Add(alias.Line, path, "stands twice");
            if (routes.Contains(alias.Name)) Add(alias.Line, path, "is the name of a route");
            if (routes.Contains(alias.Target)) continue;
            if (catalogue.Find(alias.Target) is not { } model) Add(alias.Line, path, $"means '{alias.Target}', which is neither a route nor a model");
            else if (catalogue.Served(model) is null) Add(alias.Line, path, $"means '{alias.Target}', which is retired without a successor");
        }
    }

    private void CheckCaches()
    {
        CheckEmbedder(policy.Cache, "cache");
        foreach (var route in policy.Routes) CheckEmbedder(route.Cache, $"routes.{route.Name}.cache");
    }

    private void CheckEmbedder(CachePolicy? cache, string path)
    {
        if (cache?.Semantic?.Embedder is not { } embedder || embedder.Target == SemanticPolicy.Lexical) return;
        var name = policy.Aliases.FirstOrDefault(alias => string.Equals(alias.Name, embedder.Target, StringComparison.OrdinalIgnoreCase))?.Target ?? embedder.Target;
        var mode = policy.Routes.FirstOrDefault(route => string.Equals(route.Name, name, StringComparison.OrdinalIgnoreCase))?.Mode ?? catalogue.Find(name)?.Mode;
        if (mode != "embedding") Add(embedder.Line, $"{path}.semantic.embedder", $"'{embedder.Target}' is neither {SemanticPolicy.Lexical} nor the name of an embedding model");
    }

    private CatalogueModel? ModelOf(string target) =>
        catalogue.Find(target) ?? (_deployments[target].FirstOrDefault() is { } deployment ? catalogue.Find(deployment.Model) : null);

    private void Add(PolicyReference at, string path, string message) => _errors.Add(new PolicyError(at.Line, path, message) { Column = at.Column });

    private void Add(int line, string path, string message) => _errors.Add(new PolicyError(line, path, message));
}
