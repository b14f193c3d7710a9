using System.Globalization;
using System.Text;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Pricing;
using Orchestration.Routing.Classification;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Serving;
using Route = Orchestration.Contracts.Routing.V1.Route;

namespace Orchestration.Routing.Explanation;

/// <summary>Plans a request as a gateway would and says why.</summary>
internal sealed class DecisionExplainer(HealthView health, TimeProvider timeProvider)
{
    /// <summary>An answer of ordinary length; only used to compare prices.</summary>
    private const int ExpectedOutputTokens = 500;

    /// <summary>Null when no route has the name.</summary>
    public Decision? Explain(RouteTable table, ExplainRequest request)
    {
        if (!table.Names.TryGetValue(request.Model.ToLowerInvariant(), out var target)) return null;
        var route = table.Routes[target.Route];
        var features = request.Features ?? new PromptFeatures();
        var lines = new StringBuilder();
        Line(lines, $"'{request.Model}' means the route '{route.Name}'.");
        foreach (var warning in target.Warnings) Line(lines, warning.Message);

        var (chain, requestClass) = ChainOf(route, request.Text, features, lines);
        var decision = new Decision { Route = route.Name, RequestClass = requestClass, PolicyVersion = table.PolicyVersion };
        var residency = table.Residency.GetValueOrDefault(request.TenantId) ?? table.Residency.GetValueOrDefault(PolicyResidency.EveryTenant);
        foreach (var id in chain) decision.Candidates.Add(Consider(table.Deployments[id], request.Text, features, residency));
        Describe(decision, lines);
        decision.Explanation = lines.ToString().TrimEnd();
        return decision;
    }

    private static (IReadOnlyList<string> Chain, string RequestClass) ChainOf(Route route, string text, PromptFeatures features, StringBuilder lines)
    {
        if (route.ClassChains.Count == 0) return (route.Chain, "");
        var classified = text.Length > 0 ? KeywordClassifier.Classify(text, features) : null;
        var requestClass = classified?.RequestClass ?? route.DefaultClass;
        Line(lines, classified is null
            ? $"There is no text to judge, so the route's default class '{requestClass}' holds."
            : $"The request looks {requestClass} ({classified.Classifier}, score {classified.Score.ToString(CultureInfo.InvariantCulture)}): {classified.Reason}");
        return (route.ClassChains[requestClass].Deployments, requestClass);
    }

    private ConsideredCandidate Consider(Deployment deployment, string text, PromptFeatures features, Residency? residency)
    {
        var inputTokens = EstimateTokens(text, features);
        return new ConsideredCandidate
        {
            Deployment = deployment.Id,
            Provider = deployment.Provider,
            Model = deployment.Model,
            DropReason = DropReason(deployment, features, inputTokens, residency) ?? "",
            ExpectedCost = deployment.Price is null ? null : ExpectedCost(deployment.Price, inputTokens).ToProto(),
        };
    }

    private string? DropReason(Deployment deployment, PromptFeatures features, long inputTokens, Residency? residency)
    {
        var capabilities = deployment.Capabilities;
        if (residency is not null && !residency.Regions.Contains(deployment.Region)) return $"it stands in '{deployment.Region}', where the tenant's data may not go";
        if (deployment.Price is null) return "its price is not known";
        if (features.ImageCount > 0 && !capabilities.Vision) return "it does not read images";
        if (features.ToolCount > 0 && !capabilities.Tools) return "it does not call tools";
        if (features.JsonSchema && !capabilities.JsonSchema && !capabilities.JsonObject) return "it does not answer in JSON";
        if (deployment.ContextWindow > 0 && inputTokens > deployment.ContextWindow) return $"the prompt of about {inputTokens} tokens is over its {deployment.ContextWindow}";
        return health.CoolingReason(deployment.Id);
    }

    private Pricing.Money ExpectedCost(PriceRecord price, long inputTokens) =>
        Price.Parse(price).CostOf(new Usage { InputTokens = inputTokens, OutputTokens = ExpectedOutputTokens }, timeProvider.GetUtcNow(), thinking: false).Total;

    /// <summary>One token per Han character and per four others: a middle value over the model families.</summary>
    private static long EstimateTokens(string text, PromptFeatures features) =>
        features.CjkCharacters + features.OtherCharacters > 0 ? features.CjkCharacters + (features.OtherCharacters + 3) / 4 : (text.Length + 3) / 4;

    private static void Describe(Decision decision, StringBuilder lines)
    {
        var staying = decision.Candidates.Where(c => c.DropReason.Length == 0).ToList();
        foreach (var dropped in decision.Candidates.Where(c => c.DropReason.Length > 0)) Line(lines, $"{dropped.Deployment} is left out: {dropped.DropReason}.");
        if (staying.Count == 0) Line(lines, "No candidate remains.");
        else Line(lines, $"{staying[0].Deployment} is asked first{(staying.Count > 1 ? $", then {string.Join(", ", staying.Skip(1).Select(c => c.Deployment))}" : "")}: the order of the policy.");
    }

    private static void Line(StringBuilder lines, string text) => lines.Append(text).Append('\n');
}
