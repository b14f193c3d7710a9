using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.ServiceDefaults.Identity;

/// <summary>Refuses calls without a valid service identity and remembers the caller of the others.</summary>
internal sealed partial class CallerInterceptor(ServiceTokens tokens, ILogger<CallerInterceptor> logger) : Interceptor
{
    internal static readonly object CallerKey = new();

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Admit(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var header = http.Request.Headers[InternalCalls.IdentityHeader];
        if (header.Count == 1 && tokens.Verify(header[0]!) is { } caller)
        {
            context.UserState[CallerKey] = caller;
        }
        else if (http.GetEndpoint()?.Metadata.GetMetadata<AllowAnonymousCallerAttribute>() is null)
        {
            Log.Refused(logger, context.Method, header.Count == 0 ? "no token" : "a token that is not valid");
            // No failure trailer: for whoever called that service this is a defect inside, not a wrong key of his own.
            throw new RpcException(new Status(StatusCode.Unauthenticated, "A valid service identity is required."));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Refused {Method}: the caller showed {Reason}")]
        public static partial void Refused(ILogger logger, string method, string reason);
    }
}
