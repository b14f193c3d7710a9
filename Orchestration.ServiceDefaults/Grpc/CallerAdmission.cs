using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.ServiceDefaults.Grpc;

/// <summary>Which services of the system a method is for.</summary>
public static class CallerAdmission
{
    /// <summary>Lets the gateway in alone: it is where operators and tenants have shown who they are.</summary>
    /// <exception cref="FailureException">Another service of the system calls: <c>permission_denied</c>, code <c>wrong_caller</c>.</exception>
    public static void AdmitGateway(this ServerCallContext context)
    {
        if (context.GetServiceCaller().Service != ResourceNames.Gateway)
            throw new FailureException(new Failure { FailureClass = FailureClass.PermissionDenied, Code = "wrong_caller", Message = "Only the gateway may call this." });
    }
}
