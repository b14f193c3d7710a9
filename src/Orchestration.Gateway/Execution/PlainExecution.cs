using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Execution;

/// <summary>Runs admitted requests that Providers answers as a whole, and settles them, whatever becomes of the client.</summary>
internal sealed partial class PlainExecution(
    InternalCalls calls,
    Settlement settlement,
    RunningRequests running,
    GatewayTelemetry telemetry,
    IOptions<GatewayOptions> options,
    ILogger<PlainExecution> logger)
{
    // What Providers calls the end of a request that nobody waits for.
    private const string ClientGoneCode = "client_gone";

    /// <summary>The answer, or null when the client left before it came.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">The call of Providers.</param>
    /// <param name="facts">Who answered, and what it took.</param>
    /// <param name="clientGone">Cancelled when the client leaves.</param>
    public async Task<PlainOutcome<TAnswer>?> RunAsync<TMessage, TAnswer>(
        AdmittedRequest request,
        WatchedCall<TMessage, TAnswer> call,
        Func<TAnswer, (ResponseStarted Started, Summary Summary)> facts,
        CancellationToken clientGone) where TAnswer : class
    {
        var ending = new RequestEnding();
        var work = SettleAsync(request, CallAsync(request, call, facts, ending), ending, Activity.Current);
        running.Track(work);
        if (await ClientDeparture.WaitAsync(work, clientGone))
            return await work;
        ending.ClientGone = true;
        telemetry.ClientGone();
        call.ClientGone();
        return null;
    }

    private async Task<PlainOutcome<TAnswer>> SettleAsync<TAnswer>(
        AdmittedRequest request,
        Task<PlainOutcome<TAnswer>> answering,
        RequestEnding ending,
        Activity? activity) where TAnswer : class
    {
        var outcome = await answering;
        if (outcome is PlainOutcome<TAnswer>.Failed failed)
        {
            ending.FailureCode = failed.Failure.Code;
            GatewayTelemetry.Failed(activity, failed.Failure);
        }
        else if (ending.Response is { } response)
        {
            GatewayTelemetry.Describe(activity, response);
        }

        if (ending.Summary is { } summary)
            GatewayTelemetry.Describe(activity, summary);
        await settlement.RecordAsync(request, ending);
        return outcome;
    }

    private async Task<PlainOutcome<TAnswer>> CallAsync<TMessage, TAnswer>(
        AdmittedRequest request,
        WatchedCall<TMessage, TAnswer> call,
        Func<TAnswer, (ResponseStarted Started, Summary Summary)> facts,
        RequestEnding ending) where TAnswer : class
    {
        // A gateway that stops has no time for calls that are not made yet, but wants to know what the others cost.
        await using var stop = running.Ending.UnsafeRegister(static state => ((WatchedCall<TMessage, TAnswer>)state!).ClientGone(), call);
        try
        {
            var answer = await call.AnswerAsync(CallOptionsOf(request));
            (ending.Response, ending.Summary) = facts(answer);
            TenantView.Of(ending.Summary);
            foreach (var warning in request.Plan.Warnings)
            {
                if (!ending.Response.Warnings.Contains(warning))
                    ending.Response.Warnings.Add(warning);
            }

            return new PlainOutcome<TAnswer>.Answered(answer);
        }
        catch (RpcException exception)
        {
            ending.Summary = SummaryOf(exception);
            ending.Refused = exception.IsRefusal();
            return new PlainOutcome<TAnswer>.Failed(FailureOf(exception, ending));
        }
        catch (Exception exception)
        {
            // The request must still be settled.
            Log.Failed(logger, request.Identity.Text, exception);
            return new PlainOutcome<TAnswer>.Failed(Failures.Internal());
        }
    }

    private Failure FailureOf(RpcException exception, RequestEnding ending)
    {
        var failure = exception.ToClientFailure();
        var stopped = (running.Abandoned.IsCancellationRequested && !ending.Refused)
            || (running.Ending.IsCancellationRequested && !ending.ClientGone && failure.Code == ClientGoneCode);
        return stopped ? Failures.ShuttingDown() : failure;
    }

    private CallOptions CallOptionsOf(AdmittedRequest request)
    {
        var timeout = (request.Plan.Rules.TotalDeadline?.ToTimeSpan() ?? options.Value.DefaultDeadline) + options.Value.SettlementGrace;
        return calls.For(request.Attribution.TenantId, request.Dimensions.Purpose, timeout, running.Abandoned);
    }

    private static Summary? SummaryOf(RpcException exception)
    {
        try
        {
            return exception.Trailers.GetValueBytes(RpcFailures.SummaryTrailerName) is { } bytes ? Summary.Parser.ParseFrom(bytes) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The execution of request {RequestId} failed")]
        public static partial void Failed(ILogger logger, string requestId, Exception exception);
    }
}

/// <summary>Outcome of a request that is answered as a whole.</summary>
internal abstract record PlainOutcome<TAnswer> where TAnswer : class
{
    private PlainOutcome()
    {
    }

    public sealed record Answered(TAnswer Answer) : PlainOutcome<TAnswer>;

    public sealed record Failed(Failure Failure) : PlainOutcome<TAnswer>;
}
