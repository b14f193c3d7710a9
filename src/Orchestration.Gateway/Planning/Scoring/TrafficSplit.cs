using Google.Protobuf.Collections;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>Arms that share the requests of a route. The same seed always meets the same arm, in every gateway, as long as the shares stay.</summary>
internal sealed class TrafficSplit
{
    private const ulong Whole = 10_000;
    private readonly string _route;
    private readonly int[] _ends;
    private readonly CompiledDeployment[][] _chains;

    public TrafficSplit(string route, RepeatedField<SplitArm> arms, Func<IEnumerable<string>, CompiledDeployment[]> resolve)
    {
        _route = route;
        _ends = new int[arms.Count];
        _chains = new CompiledDeployment[arms.Count][];
        for (var i = 0; i < arms.Count; i++)
        {
            _ends[i] = arms[i].BasisPoints + (i == 0 ? 0 : _ends[i - 1]);
            // The other arms follow in the order of the policy.
            _chains[i] = resolve(arms[i].Deployments.Concat(arms.SelectMany(arm => arm.Deployments)).Distinct());
        }
    }

    /// <summary>The chain of the arm that a request falls into.</summary>
    public CompiledDeployment[] ChainFor(ulong seed)
    {
        var point = (int)(StableHash.Of(seed, _route) % Whole);
        var arm = Array.FindIndex(_ends, end => point < end);
        return _chains[arm < 0 ? ^1 : arm];
    }
}
