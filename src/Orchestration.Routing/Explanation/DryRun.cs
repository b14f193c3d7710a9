using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;
using Money = Orchestration.Pricing.Money;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Routing.Explanation;

/// <summary>
/// Plans the same requests by two tables and tells the difference. It knows names, classes and token counts of a request, not its prompt:
/// what a model cannot do (pictures, tools) and who is ill at the moment are not looked at.
/// </summary>
internal sealed class DryRun(RouteTable before, RouteTable after, DateTimeOffset now)
{
    private const int MostMoved = 500;
    private readonly Dictionary<string, (Money Before, Money After)> _costs = new(StringComparer.Ordinal);
    private readonly PolicyDryRun _result = new();
    private readonly Dictionary<PriceRecord, Price> _prices = new(ReferenceEqualityComparer.Instance);

    public PolicyDryRun Run(IEnumerable<SampleRequest> sample)
    {
        foreach (var request in sample) Add(request);
        foreach (var (currency, (old, fresh)) in _costs.OrderBy(cost => cost.Key, StringComparer.Ordinal))
            _result.Costs.Add(new DryRunCost { Before = old.ToProto(), After = fresh.ToProto(), Difference = (fresh - old).ToProto() });
        return _result;
    }

    private void Add(SampleRequest request)
    {
        var (old, fresh) = (Plan(before, request), Plan(after, request));
        if (old.Cost is null) _result.UnplannedBefore++;
        if (fresh.Cost is null) _result.UnplannedAfter++;
        Money? difference = null;
        if (old.Cost is not null && fresh.Cost is not null)
        {
            _result.Requests++;
            var (paid, due) = (Money.FromProto(old.Cost), Money.FromProto(fresh.Cost));
            var sum = _costs.GetValueOrDefault(paid.Currency, (Money.Zero(paid.Currency), Money.Zero(paid.Currency)));
            _costs[paid.Currency] = (sum.Item1 + paid, sum.Item2 + due);
            difference = due - paid;
        }

        if (old.Route == fresh.Route && old.Model == fresh.Model) return;
        _result.MovedRequests++;
        if (_result.Moved.Count < MostMoved)
            _result.Moved.Add(new MovedRequest { RequestId = request.RequestId, TenantId = request.TenantId, Before = old, After = fresh, Difference = difference?.ToProto() });
    }

    private PlannedAnswer Plan(RouteTable table, SampleRequest request)
    {
        if (TenantView.FindRoute(table, request.TenantId, request.Model) is not { } route) return new PlannedAnswer { Problem = "no route has this name" };
        var answer = new PlannedAnswer { Route = route.Name };
        if (First(table, route, request) is not { } deployment)
        {
            answer.Problem = "no deployment of the route can answer";
            return answer;
        }

        (answer.Deployment, answer.Model) = (deployment.Id, $"{deployment.Provider}/{deployment.Model}");
        answer.Cost = CostOf(table, deployment, request)?.ToProto();
        if (route.Choice?.Score is not null) answer.Problem = "the route chooses by score; quality and price decide here, live figures do not";
        else if (route.Choice?.Split.Count > 0) answer.Problem = "the route chooses by share; its first deployment is assumed";
        if (answer.Cost is null) answer.Problem = "its cost cannot be told in the currency of the request";
        return answer;
    }

    private Deployment? First(RouteTable table, Route route, SampleRequest request)
    {
        var requestClass = route.ClassChains.Count == 0 ? "" : route.ClassChains.ContainsKey(request.RequestClass) ? request.RequestClass : route.DefaultClass;
        var usable = Usable(table, requestClass.Length == 0 ? route.Chain : route.ClassChains[requestClass].Deployments, request);
        if (route.Choice?.Score?.Weights is not { } weights) return usable.FirstOrDefault();
        var priced = usable.Select(deployment => (Deployment: deployment, CostOf(table, deployment, request)?.Amount)).ToList();
        return ExpectedChoice.Of(weights, requestClass, [.. priced.Where(candidate => candidate.Amount is not null).Select(candidate => (candidate.Deployment, candidate.Amount!.Value))])
            ?? priced.FirstOrDefault().Deployment;
    }

    private static IEnumerable<Deployment> Usable(RouteTable table, IEnumerable<string> chain, SampleRequest request)
    {
        var usage = request.Usage ?? new Usage();
        var prompt = usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens + usage.CacheWrite1HTokens;
        return chain.Select(id => table.Deployments[id])
            .Where(d => d.Price is not null && TenantView.MayEnter(table, request.TenantId, d.Region) && (d.ContextWindow == 0 || prompt <= d.ContextWindow));
    }

    private Money? CostOf(RouteTable table, Deployment deployment, SampleRequest request)
    {
        try
        {
            var at = request.StartedAt?.ToDateTimeOffset() ?? now;
            if (!_prices.TryGetValue(deployment.Price, out var price)) _prices[deployment.Price] = price = Price.Parse(deployment.Price);
            var cost = price.CostOf(request.Usage ?? new Usage(), at, thinking: false).Total;
            var currency = request.Currency.Length > 0 ? request.Currency : "USD";
            if (cost.Currency == currency) return cost;
            return table.Rates.FirstOrDefault(r => r.FromCurrency == cost.Currency && r.ToCurrency == currency) is { } rate ? ExchangeRates.Convert(cost, rate) : null;
        }
        catch (Exception exception) when (exception is InvalidPriceException or FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
