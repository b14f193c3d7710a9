using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Errors.V1;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.ServiceDefaults.Failures;

/// <summary>Decides what the caller of a method may know about an exception; the rest is logged, once.</summary>
internal sealed partial class ExceptionTranslation(
    IHostApplicationLifetime lifetime, TimeProvider timeProvider, ILogger<ExceptionTranslation> logger)
{
    private static readonly Failure Defect = new()
    {
        FailureClass = FailureClass.Internal, Code = "internal_error", Message = "Internal error.",
    };

    public RpcException Translate(Exception exception, ServerCallContext context) => exception switch
    {
        FailureException known => known.Failure.ToRpcException(),
        // The detail of a failed call to another service names its address; the status alone goes on.
        RpcException { Status.DebugException: not null } inner when !inner.HasFailure() => inner.GetFailure().ToRpcException(),
        RpcException told => told,
        OperationCanceledException => Cancelled(context),
        OutboxFullException => Unavailable("spool_full", "The service cannot take new work now."),
        _ when Outages.IsOutage(exception) => StoreAway(exception, context),
        _ => Unknown(exception, context),
    };

    private static RpcException Unavailable(string code, string message) => new Failure
    {
        FailureClass = FailureClass.Unavailable, Code = code, Message = message, Retryable = true,
    }.ToRpcException();

    private RpcException Cancelled(ServerCallContext context)
    {
        if (context.Deadline <= timeProvider.GetUtcNow().UtcDateTime)
        {
            return new Failure
            {
                FailureClass = FailureClass.DeadlineExceeded,
                Code = "deadline_exceeded",
                Message = "The deadline of the request passed.",
                Retryable = true,
            }.ToRpcException();
        }

        return lifetime.ApplicationStopping.IsCancellationRequested
            ? Unavailable("shutting_down", "The service is shutting down.")
            : new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled."));
    }

    private RpcException StoreAway(Exception exception, ServerCallContext context)
    {
        Log.StoreAway(logger, exception, context.Method);
        return Unavailable("store_unavailable", "A part of the service is not available now.");
    }

    private RpcException Unknown(Exception exception, ServerCallContext context)
    {
        Log.Failed(logger, exception, context.Method);
        return Defect.ToRpcException();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Method} found its database away")]
        public static partial void StoreAway(ILogger logger, Exception exception, string method);

        [LoggerMessage(LogLevel.Error, "{Method} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string method);
    }
}
