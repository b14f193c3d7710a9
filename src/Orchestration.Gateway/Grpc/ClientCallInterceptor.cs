using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Grpc;

/// <summary>Finds out on whose account a gRPC call runs: a client's key, or the identity of another service.</summary>
internal sealed class ClientCallInterceptor(ClientAuthenticator authenticator, GatewayTelemetry telemetry) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await AuthenticateAsync(context);
        return await continuation(request, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await AuthenticateAsync(context);
        await continuation(request, responseStream, context);
    }

    private async ValueTask AuthenticateAsync(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var authentication = context.FindServiceCaller() is { } service
            ? await authenticator.AuthenticateServiceAsync(service, context.CancellationToken)
            : await authenticator.AuthenticateClientAsync(http.Request, context.CancellationToken);
        switch (authentication)
        {
            case AuthenticationOutcome.Accepted accepted when ScopeRequirement.Refuse(http, accepted.Caller) is { } refused:
                telemetry.Refused(refused);
                throw new FailureException(refused);
            case AuthenticationOutcome.Accepted accepted:
                http.Features.Set(accepted.Caller);
                GatewayTelemetry.Describe(Activity.Current, accepted.Caller, http.GetRequestIdentity().Text);
                break;
            case AuthenticationOutcome.Rejected rejected:
                telemetry.Refused(rejected.Failure);
                throw new FailureException(rejected.Failure);
        }
    }
}
