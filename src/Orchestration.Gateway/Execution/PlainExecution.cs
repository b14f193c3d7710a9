using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Execution;

/// <summary>Runs admitted requests that Providers answers as a whole, and settles them, whatever becomes of the client.</summary>
internal sealed partial class PlainExecution(
    InternalCalls calls,
    Settlement settlement,
    RunningRequests running,
    AnswerCaches caches,
    GatewayTelemetry telemetry,
    IOptions<GatewayOptions> options,
    ILogger<PlainExecution> logger)
{
    // What Providers calls the end of a request that nobody waits for.
    private const string ClientGoneCode = "client_gone";

    /// <summary>The answer, or null when the client left before it came.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">The call of Providers.</param>
    /// <param name="answers">How its answers are read.</param>
    /// <param name="clientGone">Cancelled when the client leaves.</param>
    public async Task<PlainOutcome<TAnswer>?> RunAsync<TMessage, TAnswer>(
        AdmittedRequest request,
        WatchedCall<TMessage, TAnswer> call,
        PlainAnswers<TAnswer> answers,
        CancellationToken clientGone) where TAnswer : class, IMessage<TAnswer>
    {
        var ending = new RequestEnding();
        var answering = request.Cache is CacheUse.Hit hit ? GiveAsync(request, hit, answers, ending) : CallAsync(request, call, answers, ending);
        var work = SettleAsync(request, answering, answers, ending, Activity.Current);
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
        PlainAnswers<TAnswer> answers,
        RequestEnding ending,
        Activity? activity) where TAnswer : class, IMessage<TAnswer>
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
        await CacheAsync(request, outcome, answers, ending);
        await settlement.RecordAsync(request, ending);
        return outcome;
    }

    /// <summary>Before the client sees the answer, so that its next equal request finds it.</summary>
    private async Task CacheAsync<TAnswer>(
        AdmittedRequest request, PlainOutcome<TAnswer> outcome, PlainAnswers<TAnswer> answers, RequestEnding ending) where TAnswer : class, IMessage<TAnswer>
    {
        try
        {
            if (request.Cache is not CacheUse.Miss || outcome is not PlainOutcome<TAnswer>.Answered answered || ending is not { Response: { } started, Summary: { } summary })
                return;
            var body = answered.Answer.Clone();
            answers.Enter(body, null, null);
            await caches.KeepAsync(request.Cache, started, summary, body);
        }
        finally
        {
            caches.End(request.Cache);
        }
    }

    private static Task<PlainOutcome<TAnswer>> GiveAsync<TAnswer>(
        AdmittedRequest request, CacheUse.Hit hit, PlainAnswers<TAnswer> answers, RequestEnding ending) where TAnswer : class, IMessage<TAnswer>
    {
        (ending.Response, ending.Summary) = (PreparedAnswer.Begin(request, hit.Answer.Started), PreparedAnswer.Free(request));
        var answer = answers.Parser.ParseFrom(hit.Answer.Body);
        answers.Enter(answer, ending.Response, ending.Summary);
        return Task.FromResult<PlainOutcome<TAnswer>>(new PlainOutcome<TAnswer>.Answered(answer));
    }

    private async Task<PlainOutcome<TAnswer>> CallAsync<TMessage, TAnswer>(
        AdmittedRequest request,
        WatchedCall<TMessage, TAnswer> call,
        PlainAnswers<TAnswer> answers,
        RequestEnding ending) where TAnswer : class, IMessage<TAnswer>
    {
        // A gateway that stops has no time for calls that are not made yet, but wants to know what the others cost.
        await using var stop = running.Ending.UnsafeRegister(static state => ((WatchedCall<TMessage, TAnswer>)state!).ClientGone(), call);
        try
        {
            var answer = await call.AnswerAsync(CallOptionsOf(request));
            (ending.Response, ending.Summary) = answers.Facts(answer);
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
