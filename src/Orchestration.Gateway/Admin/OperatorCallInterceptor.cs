using Grpc.Core;
using Grpc.Core.Interceptors;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Admin;

/// <summary>Stands before every admin service but the sign-in.</summary>
internal sealed class OperatorCallInterceptor(OperatorAuthenticator authenticator) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await AdmitAsync(context);
        return await continuation(request, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await AdmitAsync(context);
        await continuation(request, responseStream, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) => throw NotOffered();

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) => throw NotOffered();

    private async Task AdmitAsync(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        switch (await authenticator.AdmitAsync(http.Request, context.CancellationToken))
        {
            case OperatorAdmission.Admitted admitted:
                http.Features.Set(admitted.Operator);
                break;
            case OperatorAdmission.Refused refused:
                throw new FailureException(refused.Failure);
        }
    }

    // No admin method streams from its client. One that did without a check here would be open.
    private static RpcException NotOffered() => new(new Status(StatusCode.Unimplemented, "The admin API takes no streams."));
}
