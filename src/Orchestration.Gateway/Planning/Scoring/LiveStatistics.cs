using System.Collections.Concurrent;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Gateway.Execution;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>What this gateway learns from the requests that it settles. It lives in memory: a gateway that starts knows the priors only.</summary>
internal sealed class LiveStatistics(UsageStatistics usage, WarmPrompts warm, TimeProvider timeProvider)
{
    private const int MostDeployments = 20_000;
    private readonly ConcurrentDictionary<string, DeploymentStatistics> _deployments = new(StringComparer.Ordinal);
    private int _epoch;

    /// <summary>A clock that nobody sets.</summary>
    public double Seconds => (double)timeProvider.GetTimestamp() / timeProvider.TimestampFrequency;

    /// <summary>Changes when everything was forgotten.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>A request was settled.</summary>
    public void Observe(AdmittedRequest request, Summary? summary)
    {
        if (summary is null)
            return;
        var affinity = request.Basis?.Keys.Affinity ?? 0;
        foreach (var attempt in summary.Attempts)
        {
            DeploymentOf(attempt.Deployment).Observe(attempt, warm.FindWarm(affinity) == attempt.Deployment, Seconds);
            if (attempt.Outcome != AttemptOutcome.Succeeded)
                continue;
            warm.Remember(affinity, attempt.Deployment);
            // Our own counts would only confirm our own estimates.
            if (summary.Settlement == Contracts.Chat.V1.Settlement.Exact && request.Basis is { } basis && attempt.Usage is { } used)
                Learn(request, basis, attempt.Model, used);
        }
    }

    private void Learn(AdmittedRequest request, ChoiceBasis basis, string model, Usage used)
    {
        usage.ObservePrompt(TokenFamily.Of(model), basis.Size, used.TotalInput());
        usage.Outputs(request.Plan.Route, request.Plan.RequestClass).Observe(model, used.TotalOutput() / basis.Choices);
    }

    /// <summary>What is known of a deployment, to be added to.</summary>
    internal DeploymentStatistics DeploymentOf(string id)
    {
        if (_deployments.TryGetValue(id, out var known))
            return known;
        // Deployments come from policies, of which there are many over time.
        if (_deployments.Count >= MostDeployments)
        {
            _deployments.Clear();
            Interlocked.Increment(ref _epoch);
        }

        return _deployments.GetOrAdd(id, static _ => new DeploymentStatistics());
    }
}
