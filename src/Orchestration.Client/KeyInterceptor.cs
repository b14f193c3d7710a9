using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Orchestration.Client;

/// <summary>Puts the key and a deadline on every call that has none.</summary>
internal sealed class KeyInterceptor(OrchestrationClientOptions options, TimeProvider time) : Interceptor
{
    private const string Header = "authorization";

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Prepare(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Prepare(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Prepare(context));

    private ClientInterceptorContext<TRequest, TResponse> Prepare<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var headers = new Metadata();
        foreach (var entry in context.Options.Headers ?? [])
            headers.Add(entry);

        if (headers.Get(Header) is null)
            headers.Add(Header, $"Bearer {options.ApiKey}");
        var call = context.Options.WithHeaders(headers);
        if (call.Deadline is null)
            call = call.WithDeadline((time.GetUtcNow() + options.Timeout).UtcDateTime);

        return new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, call);
    }
}
