using Grpc.Core;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.ServiceDefaults.Failures;

/// <summary>Failures on the wire of gRPC: status plus the trailer "orchestration-failure-bin".</summary>
public static class RpcFailures
{
    /// <summary>Name of the trailer that carries a serialised <see cref="Failure"/>.</summary>
    public const string TrailerName = "orchestration-failure-bin";

    /// <summary>The failure behind an exception of a call; one made from the status when the trailer is missing.</summary>
    public static Failure GetFailure(this RpcException exception) => throw new NotImplementedException();

    /// <summary>The exception that tells a failure to a gRPC caller.</summary>
    public static RpcException ToRpcException(this Failure failure) => throw new NotImplementedException();
}
