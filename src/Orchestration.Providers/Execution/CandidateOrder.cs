using Google.Protobuf.Collections;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Health;

namespace Orchestration.Providers.Execution;

/// <summary>
/// The order in which a plan's candidates are walked, and who of them is only probed. Deployments that fail now and then are left alone
/// up to half of the plan, the worst first: more would only move the load to the rest. One that answers nothing at all is never more
/// than probed, because asking it helps nobody.
/// </summary>
internal sealed class CandidateOrder
{
    private readonly HashSet<string>? _ejected;

    private CandidateOrder(IReadOnlyList<Candidate> candidates, HashSet<string>? ejected) => (Candidates, _ejected) = (candidates, ejected);

    public IReadOnlyList<Candidate> Candidates { get; }

    /// <summary>True for a candidate that is asked with a probe only.</summary>
    public bool IsEjected(Candidate candidate) => _ejected?.Contains(candidate.Deployment.Id) == true;

    public static CandidateOrder Of(RepeatedField<Candidate> candidates, DeploymentStates health)
    {
        var ejected = Ejected(candidates, health);
        IReadOnlyList<Candidate>? reordered = WithRecoveringLast(candidates, health, ejected);
        return new CandidateOrder(reordered ?? candidates, ejected);
    }

    private static HashSet<string>? Ejected(RepeatedField<Candidate> candidates, DeploymentStates health)
    {
        HashSet<string>? ejected = null;
        List<(string Id, double FailureShare)>? grey = null;
        foreach (var candidate in candidates)
        {
            var id = candidate.Deployment.Id;
            var view = health.Look(id);
            if (view.State == BreakerState.Healthy) continue;
            if (view.IsDead) (ejected ??= new HashSet<string>(StringComparer.Ordinal)).Add(id);
            else (grey ??= []).Add((id, view.FailureShare));
        }

        if (grey is null) return ejected;
        ejected ??= new HashSet<string>(StringComparer.Ordinal);
        foreach (var (id, _) in grey.OrderByDescending(g => g.FailureShare).Take(Math.Max(0, (candidates.Count / 2) - ejected.Count))) ejected.Add(id);
        return ejected;
    }

    // Slow start: a deployment that has just recovered gives way, but it stays in the walk for when the others fail.
    private static List<Candidate>? WithRecoveringLast(RepeatedField<Candidate> candidates, DeploymentStates health, HashSet<string>? ejected)
    {
        List<Candidate>? giveWay = null;
        foreach (var candidate in candidates)
        {
            var id = candidate.Deployment.Id;
            if (ejected?.Contains(id) == true) continue;
            var share = health.Share(id);
            if (share < 1 && Random.Shared.NextDouble() >= share) (giveWay ??= []).Add(candidate);
        }

        return giveWay is null ? null : [.. candidates.Where(c => !giveWay.Exists(g => ReferenceEquals(g, c))), .. giveWay];
    }
}
