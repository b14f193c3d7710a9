using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Egress;

namespace Orchestration.Providers.Egress;

/// <summary>Decides whether a deployment's address may see a vendor's key.</summary>
internal sealed class DeploymentEgress(EgressGuard guard)
{
    /// <summary>Checks the address of a deployment before anything is sent; null when it may be used.</summary>
    public Failure? Check(Deployment deployment, VendorProfile profile, out Uri baseAddress)
    {
        var known = Uri.TryCreate(deployment.BaseUrl.TrimEnd('/') + "/", UriKind.Absolute, out var parsed);
        baseAddress = parsed ?? new Uri("about:blank");
        if (!known || baseAddress.UserInfo.Length > 0 || baseAddress.Query.Length > 0) return Refused(deployment);
        if (profile.IsElsewhere(baseAddress.IdnHost, deployment.Region)) return ExecutionFailures.RegionMismatch(deployment.Id);
        if (guard.IsListed(baseAddress)) return EgressGuard.IsHttp(baseAddress) ? null : Refused(deployment);
        if (deployment.Simulated) return EgressGuard.IsHttp(baseAddress) && baseAddress.IsLoopback ? null : Refused(deployment);
        if (baseAddress.Scheme != Uri.UriSchemeHttps) return Refused(deployment);
        // A policy is no reason to show a vendor's key to anybody else.
        return profile.AnswersAt(baseAddress) ? null : Refused(deployment);
    }

    private static Failure Refused(Deployment deployment) => new()
    {
        FailureClass = FailureClass.Unavailable,
        Code = "egress_refused",
        Message = $"The address of {deployment.Id} may not be connected to.",
    };
}
