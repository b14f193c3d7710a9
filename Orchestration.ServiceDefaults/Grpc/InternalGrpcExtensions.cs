using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.ServiceDefaults.Grpc;

/// <summary>gRPC between services: identity checked on every call, failures mapped in one place, deadlines demanded.</summary>
public static class InternalGrpcExtensions
{
    /// <summary>Largest message that a service or client takes unless it asks for more, 4 MiB.</summary>
    public const int DefaultMessageBytes = 4 * 1024 * 1024;

    /// <summary>Largest message of a call that carries a whole model request, 64 MiB.</summary>
    /// <remarks>
    /// Twice the gateway's default limit of a request body, 32 MiB: whatever it admits must also fit once it is a message together
    /// with its plan and attribution. Who raises <c>Gateway:MaxRequestBodyBytes</c> beyond the half of this gets refusals from Providers.
    /// </remarks>
    public const int LargeMessageBytes = 64 * 1024 * 1024;

    /// <summary>Adds the gRPC server: service identity, failure mapping, limits. Call once per service.</summary>
    public static IServiceCollection AddInternalGrpcServer(this IServiceCollection services) =>
        services.AddInternalGrpcServer(DefaultMessageBytes);

    /// <summary>Adds the gRPC server with another cap on what it receives.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="maxReceiveBytes">Largest message taken, for example <see cref="LargeMessageBytes"/>.</param>
    public static IServiceCollection AddInternalGrpcServer(this IServiceCollection services, int maxReceiveBytes)
    {
        services.RequireServiceIdentity();
        services.TryAddSingleton<ExceptionTranslation>();
        services.TryAddSingleton<FailureInterceptor>();
        services.TryAddSingleton<CallerInterceptor>();
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = maxReceiveBytes;
            options.EnableDetailedErrors = false;
            // The first is the outermost: a refused identity is a failure like any other.
            options.Interceptors.Add<FailureInterceptor>();
            options.Interceptors.Add<CallerInterceptor>();
        });
        return services;
    }

    /// <summary>Adds a client of another service's "grpc" endpoint, found by service discovery.</summary>
    public static IServiceCollection AddInternalGrpcClient<TClient>(this IServiceCollection services, string resource)
        where TClient : ClientBase =>
        services.AddInternalGrpcClient<TClient>(resource, DefaultMessageBytes);

    /// <summary>Adds a client of another service's "grpc" endpoint with another cap on what it receives.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="resource">Name of the service, one of <see cref="ResourceNames"/>.</param>
    /// <param name="maxReceiveBytes">Largest message taken, for example <see cref="LargeMessageBytes"/>.</param>
    public static IServiceCollection AddInternalGrpcClient<TClient>(
        this IServiceCollection services, string resource, int maxReceiveBytes)
        where TClient : ClientBase
    {
        services.RequireServiceIdentity();
        services.AddServiceDiscovery();
        services.AddGrpcClient<TClient>(options => options.Address = new Uri($"http://_grpc.{resource}"))
            .ConfigureChannel(channel =>
            {
                channel.MaxReceiveMessageSize = maxReceiveBytes;
                // A retry belongs to whoever holds the budget of the request, never to the channel.
                channel.MaxRetryAttempts = null;
                channel.ServiceConfig = null;
            })
            .AddInterceptor(() => new DeadlineInterceptor())
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddServiceDiscovery();
        return services;
    }

    /// <summary>The verified caller of an internal call.</summary>
    /// <exception cref="InvalidOperationException">The method allows anonymous callers, and this is one.</exception>
    public static ServiceCaller GetServiceCaller(this ServerCallContext context) => context.FindServiceCaller()
        ?? throw new InvalidOperationException($"{context.Method} was called without a service identity.");

    /// <summary>The verified caller, or null in a method that allows anonymous callers.</summary>
    public static ServiceCaller? FindServiceCaller(this ServerCallContext context) =>
        context.UserState.TryGetValue(CallerInterceptor.CallerKey, out var caller) ? (ServiceCaller)caller : null;

#pragma warning disable RS0030 // It connects to services of the system, by their resource names.
    private static SocketsHttpHandler CreateHandler() => new()
#pragma warning restore RS0030
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(20),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        // One connection would stay with one replica for ever behind a balancer of connections.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
    };
}
