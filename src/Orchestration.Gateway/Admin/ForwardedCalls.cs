using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Admin;

/// <summary>Hands an operator's call on to the service that owns the answer.</summary>
internal sealed class ForwardedCalls(InternalCalls calls, IOptions<GatewayOptions> options)
{
    private const string Purpose = "admin";

    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method,
        TRequest request,
        string tenantId,
        ServerCallContext context,
        TimeSpan? timeout = null)
    {
        try
        {
            return await method(request, calls.For(tenantId, Purpose, timeout ?? options.Value.QueryTimeout, context.CancellationToken));
        }
        catch (RpcException exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw Told(exception);
        }
    }

    /// <summary>Hands on a call that is answered bit by bit.</summary>
    public async Task StreamAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncServerStreamingCall<TResponse>> method,
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        TimeSpan timeout,
        ServerCallContext context)
    {
        try
        {
            using var call = method(request, calls.For("", Purpose, timeout, context.CancellationToken));
            await foreach (var answer in call.ResponseStream.ReadAllAsync(context.CancellationToken))
                await responseStream.WriteAsync(answer, context.CancellationToken);
        }
        catch (RpcException exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw Told(exception);
        }
    }

    // A failure alone would lose the difference between what exists already and what changed meanwhile.
    private static Exception Told(RpcException exception) => exception.StatusCode == StatusCode.AlreadyExists
        ? new RpcException(new Status(StatusCode.AlreadyExists, exception.GetFailure().Message))
        : new FailureException(FailureOf(exception));

    // What the owner says of the operator's input goes on even without a trailer; our own troubles are a 503.
    private static Failure FailureOf(RpcException exception) => exception.StatusCode switch
    {
        StatusCode.NotFound => exception.GetFailure(),
        StatusCode.InvalidArgument => Named(exception.GetFailure()),
        _ => exception.ToClientFailure(),
    };

    // REST tells the message alone, and "1 to 200 characters" is no use without the member that has them.
    private static Failure Named(Failure failure)
    {
        if (failure.Param.Length > 0 && !failure.Message.Contains(failure.Param, StringComparison.OrdinalIgnoreCase))
            failure.Message = $"{failure.Param}: {failure.Message}";
        return failure;
    }
}
