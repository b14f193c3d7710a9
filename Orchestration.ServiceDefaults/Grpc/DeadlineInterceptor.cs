using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Orchestration.ServiceDefaults.Grpc;

/// <summary>Refuses to send a unary call that could wait for ever.</summary>
internal sealed class DeadlineInterceptor : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(request, context);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(request, context);
    }

    private static void Demand<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        if (context.Options.Deadline is null)
        {
            throw new InvalidOperationException($"{context.Method.FullName} has no deadline; make its options with InternalCalls.");
        }
    }
}
