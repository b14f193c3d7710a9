using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Prices;
using Orchestration.Routing.Quality;

namespace Orchestration.Routing.Tables;

/// <summary>All deployments: real ones where a vendor has a credential, simulated ones where it has none.</summary>
internal sealed class DeploymentSet
{
    private readonly RoutingInputs _inputs;
    private readonly DateTimeOffset _at;
    private readonly Dictionary<string, List<Deployment>> _byModel = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Deployment> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Failure> _problems = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<UnpricedDeployment> _unpriced = [];

    public DeploymentSet(RoutingInputs inputs, DateTimeOffset at)
    {
        (_inputs, _at) = (inputs, at);
        foreach (var model in inputs.Catalogue.Models.Where(m => m.IsServed && m.Mode is "chat" or "embedding" or "rerank")) Add(model);
    }

    public IReadOnlyDictionary<string, Failure> Problems => _problems;

    /// <summary>What is not planned because no price is known for it.</summary>
    public IReadOnlyList<UnpricedDeployment> Unpriced => _unpriced;

    /// <summary>
    /// Deployments behind a member of a chain: a model's, or a named one. A model without any known price keeps its
    /// unpriced deployments, so that a request for it is told why instead of that the model does not exist.
    /// </summary>
    public IReadOnlyList<Deployment> Of(string target) =>
        _byModel.TryGetValue(target, out var deployments) ? deployments : _byId.TryGetValue(target, out var named) ? [named] : [];

    /// <summary>A model to compare costs with, where its vendor's first endpoint with a price stands; null when it has none now. Nothing is sent there.</summary>
    public Deployment? Baseline(string target)
    {
        if (_inputs.Catalogue.Find(target) is not { } model || _inputs.Catalogue.PriceFor(model, FirstPricedRegion(model), _at) is not { } offer) return null;
        return new Deployment { Id = $"{model.Key}@baseline", Provider = model.Provider, Model = model.Id, Price = offer.Price.Record };
    }

    private void Add(CatalogueModel model)
    {
        var found = Real(model).Concat(Simulated(model)).ToList();
        var priced = found.Where(d => d.Price is not null).ToList();
        if (found.Count == 0)
        {
            _problems[model.Key] = Problem("no_endpoint", $"The policy has no endpoint for {model.Key} that can be used.");
            return;
        }

        if (priced.Count == 0) _problems[model.Key] = Problem("price_unknown", $"No price of {model.Key} is known for the regions in use.");
        _unpriced.AddRange(found.Where(d => d.Price is null).Select(UnpricedListing.Of));
        var usable = priced.Count > 0 ? priced : found;
        _byModel[model.Key] = usable;
        foreach (var deployment in usable) _byId[deployment.Id] = deployment;
    }

    private IEnumerable<Deployment> Real(CatalogueModel model)
    {
        foreach (var endpoint in EndpointsOf(model))
            if (!endpoint.Except.Contains(model.Id) && _inputs.Vendors.IsConfigured(model.Provider, endpoint.Region))
                yield return Make(model, $"{model.Key}@{endpoint.Region}", endpoint.Region, endpoint.BaseUrl, endpoint.Protocol, model.Id, simulated: false);

        foreach (var named in NamedFor(model))
            if (!named.Simulated && _inputs.Vendors.IsConfigured(model.Provider, named.Region)) yield return Make(model, named);
    }

    private IEnumerable<Deployment> Simulated(CatalogueModel model)
    {
        if (_inputs.SimulatorAddress is not { } simulator) yield break;
        foreach (var named in NamedFor(model))
            if (named.Simulated) yield return Make(model, named);
        if (_inputs.Vendors.IsConfigured(model.Provider)) yield break;

        var protocol = EndpointsOf(model).Select(e => e.Protocol).FirstOrDefault("openai");
        var address = new Uri(simulator, $"{model.Provider}/{EndpointProtocols.SimulatedPathOf(protocol)}").ToString();
        yield return Make(model, $"{model.Key}@simulated", FirstPricedRegion(model), address, protocol, model.Id, simulated: true);
    }

    private IEnumerable<PolicyDeployment> NamedFor(CatalogueModel model) =>
        _inputs.Policy.Deployments.Where(d => string.Equals(d.Model, model.Key, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<PolicyEndpoint> EndpointsOf(CatalogueModel model) =>
        _inputs.Policy.Endpoints.Where(e => e.Provider == model.Provider && e.Modes.Contains(model.Mode));

    /// <summary>Stands where the vendor's first endpoint with a price stands, so that a simulated request costs what a real one would.</summary>
    private string FirstPricedRegion(CatalogueModel model)
    {
        var regions = _inputs.Policy.Endpoints.Where(e => e.Provider == model.Provider).Select(e => e.Region).Append("intl").Append("cn").ToList();
        return regions.Find(region => _inputs.Catalogue.PriceFor(model, region, _at) is not null) ?? regions[0];
    }

    private Deployment Make(CatalogueModel model, PolicyDeployment named) =>
        Make(model, named.Id, named.Region, named.BaseUrl, named.Protocol, named.UpstreamModel.Length > 0 ? named.UpstreamModel : model.Id, named.Simulated);

    private Deployment Make(CatalogueModel model, string id, string region, string baseUrl, string protocol, string upstreamModel, bool simulated)
    {
        var offer = _inputs.Catalogue.PriceFor(model, region, _at);
        // A prompt whose price is not known, or that the model does not take, must not be planned.
        var window = new[] { model.ContextWindow, model.MaxInput, offer?.InputLimit ?? 0 }.Where(limit => limit > 0).DefaultIfEmpty(0).Min();
        return new Deployment
        {
            Id = id,
            Provider = model.Provider,
            Model = model.Id,
            UpstreamModel = upstreamModel,
            BaseUrl = baseUrl,
            Region = region,
            Protocol = EndpointProtocols.Of(protocol),
            Price = offer?.Price.Record,
            ContextWindow = window,
            MaxOutput = model.MaxOutput,
            Capabilities = CatalogueListing.CapabilitiesOf(model),
            Simulated = simulated,
            EmbeddingDimensions = model.EmbeddingDimensions,
            Quality = QualityPriors.Of(model, _inputs.Policy.Quality),
        };
    }

    private static Failure Problem(string code, string message) => new()
    {
        FailureClass = code == "price_unknown" ? FailureClass.PriceUnknown : FailureClass.Unavailable,
        Code = code,
        Message = message,
    };
}
