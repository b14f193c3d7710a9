using System.Runtime.CompilerServices;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>What was learned of the deployments of a pool, looked up once for as long as the route table that the pool is of.</summary>
internal sealed class LearnedPools(LiveStatistics statistics, UsageStatistics usage)
{
    private readonly ConditionalWeakTable<CompiledDeployment[], LearnedPool> _pools = [];

    /// <param name="pool">The deployments that a request may go to. A pool belongs to one route and class.</param>
    /// <param name="route">The route.</param>
    /// <param name="requestClass">The class; empty when the route has none.</param>
    public LearnedPool Of(CompiledDeployment[] pool, string route, string requestClass)
    {
        var epoch = (statistics.Epoch, usage.Epoch);
        if (_pools.TryGetValue(pool, out var known) && known.Epoch == epoch && known.Route == route && known.RequestClass == requestClass)
            return known;
        var outputs = usage.Outputs(route, requestClass);
        var made = new LearnedPool(epoch, route, requestClass, outputs, Array.ConvertAll(pool, compiled => new Learned(
            statistics.DeploymentOf(compiled.Deployment.Id), usage.PromptFactor(compiled.Family), outputs.Of(compiled.Deployment.Model))));
        // One pool without deployments is shared by all routes.
        if (pool.Length > 0)
            _pools.AddOrUpdate(pool, made);
        return made;
    }
}

/// <param name="Epoch">Of the statistics that it was looked up in.</param>
/// <param name="Route">The route.</param>
/// <param name="RequestClass">The class.</param>
/// <param name="Outputs">Lengths of answers of the route and class.</param>
/// <param name="Deployments">In the order of the pool.</param>
internal sealed record LearnedPool((int Statistics, int Usage) Epoch, string Route, string RequestClass, OutputLengths Outputs, Learned[] Deployments);

/// <param name="Seen">What was seen of the deployment.</param>
/// <param name="Prompt">Factor of its family of tokenizers.</param>
/// <param name="Output">Length of its model's answers.</param>
internal readonly record struct Learned(DeploymentStatistics Seen, LearnedValue Prompt, LearnedValue Output);
