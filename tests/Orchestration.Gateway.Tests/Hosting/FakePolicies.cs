using System.Collections.Concurrent;
using Grpc.Core;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Hears what gateways plan by.</summary>
internal sealed class FakePolicies : PolicyService.PolicyServiceBase
{
    public ConcurrentDictionary<string, AcknowledgeRouteTableRequest> Heard { get; } = new(StringComparer.Ordinal);

    public ActivatePolicyRequest? LastActivation { get; private set; }

    public DryRunPolicyRequest? LastDryRun { get; private set; }

    public override Task<AcknowledgeRouteTableResponse> AcknowledgeRouteTable(AcknowledgeRouteTableRequest request, ServerCallContext context)
    {
        Heard[request.Node] = request;
        return Task.FromResult(new AcknowledgeRouteTableResponse());
    }

    public override Task<PolicyActivation> ActivatePolicy(ActivatePolicyRequest request, ServerCallContext context)
    {
        LastActivation = request;
        return Task.FromResult(new PolicyActivation { Version = request.Version });
    }

    public override Task<PolicyDryRun> DryRunPolicy(DryRunPolicyRequest request, ServerCallContext context)
    {
        LastDryRun = request;
        return Task.FromResult(new PolicyDryRun { Requests = request.Sample.Count });
    }
}
