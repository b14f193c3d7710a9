using Google.Protobuf.WellKnownTypes;
using Orchestration.Benchmarks.Providers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Requests to one vendor's simulated deployments, each to one of its own: what failed once must not rest in the next field.</summary>
internal sealed class VendorPlans(Uri simulator, VendorRow row)
{
    private int _count;

    public Start Chat(ChatRequest request, string model, TimeSpan? drain = null)
    {
        var start = SamplePlan.Start(simulator);
        start.Request = request;
        start.Plan = PlanFor(model);
        start.EstimatedInputTokens = TextMeasure.EstimateTokens(TextMeasure.Measure(request), model);
        if (drain is { } length)
            (start.Plan.Rules.DrainAfterDisconnect, start.Plan.Rules.DrainTokensAfterDisconnect) = (Duration.FromTimeSpan(length), 1_000_000);
        return start;
    }

    public Plan PlanFor(string model)
    {
        var plan = SamplePlan.Start(simulator).Plan;
        (plan.RequestedModel, plan.Route) = ($"{row.Provider}/{model}", $"{row.Provider}/{model}");
        var deployment = plan.Candidates[0].Deployment;
        (deployment.Id, deployment.Provider) = ($"{row.Row}/{model}@{Interlocked.Increment(ref _count)}", row.Provider);
        (deployment.Model, deployment.UpstreamModel, deployment.Protocol) = (model, model, row.Protocol);
        deployment.BaseUrl = new Uri(simulator, $"{row.Provider}/{row.Base}").ToString().TrimEnd('/');
        // Only this vendor bills searches; the others bill the tokens of a rerank.
        if (row.Provider == "cohere") deployment.Price.Tiers[0].PerSearch = "0.002";
        return plan;
    }
}
