using Grpc.Core;

namespace Orchestration.Client;

/// <summary>Tells the caller's own cancellation in the way that .NET expects it.</summary>
internal static class Cancellations
{
    public static bool IsCancellationBy(this RpcException exception, CancellationToken cancellationToken) =>
        exception.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested;

    public static async Task<T> OrCanceledAsync<T>(this AsyncUnaryCall<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call;
        }
        catch (RpcException exception) when (exception.IsCancellationBy(cancellationToken))
        {
            throw new OperationCanceledException(exception.Status.Detail, exception, cancellationToken);
        }
    }

    public static async Task<bool> MoveNextOrCanceledAsync<T>(this IAsyncStreamReader<T> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.MoveNext(cancellationToken);
        }
        catch (RpcException exception) when (exception.IsCancellationBy(cancellationToken))
        {
            throw new OperationCanceledException(exception.Status.Detail, exception, cancellationToken);
        }
    }
}
