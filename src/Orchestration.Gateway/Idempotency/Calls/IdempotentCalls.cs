using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Orchestration.Gateway.Authentication;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Idempotency.Calls;

/// <summary>Sees to it that a gRPC call with an <c>idempotency-key</c> which is made again is not run again. Runs behind authentication.</summary>
internal sealed class IdempotentCalls(KeyedRuns runs, ClaimSettlement settlement, AnswerFollower follower, GatewayTelemetry telemetry) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (Key(context) is not { } key)
            return await continuation(request, context);
        TResponse? answer = null;
        await RunOnceAsync(
            key,
            request,
            context,
            new MessageSink<TResponse>(context, message =>
            {
                answer = message;
                return Task.CompletedTask;
            }),
            async recorder => recorder.Add(answer = await continuation(request, context)));
        return answer ?? throw new FailureException(IdempotencyFailures.Interrupted());
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (Key(context) is { } key)
        {
            await RunOnceAsync(
                key,
                request,
                context,
                new MessageSink<TResponse>(context, responseStream.WriteAsync),
                recorder => continuation(request, new RecordingStreamWriter<TResponse>(responseStream, recorder, context.CancellationToken), context));
        }
        else
        {
            await continuation(request, responseStream, context);
        }
    }

    private async Task RunOnceAsync<TRequest>(string key, TRequest request, ServerCallContext context, IAnswerSink sink, Func<MessageRecorder, Task> call)
        where TRequest : class
    {
        var http = context.GetHttpContext();
        var fingerprint = RequestFingerprint.Of(http.GetCaller(), http.Request.Path, ((IMessage)request).ToByteArray());
        var run = await runs.BeginAsync(http.GetCaller().TenantId, key, fingerprint);
        switch (run.Outcome)
        {
            case ClaimOutcome.Taken:
                http.Features.Set(KeyedCall.Instance);
                await RecordAsync(run, new MessageRecorder(run.Answer, http), call);
                break;
            case ClaimOutcome.Running { ClaimId: var twin }:
                await FollowAsync(run.Claim with { ClaimId = twin }, sink);
                break;
            case ClaimOutcome.Finished { Answer: var kept }:
                await sink.SendAsync(kept.Head, kept.Body);
                break;
            case ClaimOutcome.OtherRequest:
                throw Refuse(IdempotencyFailures.OtherRequest());
            case ClaimOutcome.NotKept:
                throw Refuse(IdempotencyFailures.NotKept());
            case ClaimOutcome.Failed:
                throw Refuse(IdempotencyFailures.StillRunning());
            default:
                throw Refuse(IdempotencyFailures.StoreAway());
        }
    }

    private async Task RecordAsync(KeyedRun run, MessageRecorder recorder, Func<MessageRecorder, Task> call)
    {
        try
        {
            await call(recorder);
        }
        catch (FailureException failed)
        {
            await settlement.SettleAsync(run.Claim, run.Answer, recorder.Fail(failed.Failure));
            run.Answer.End(AnswerState.Whole);
            throw;
        }
        catch
        {
            await settlement.SettleAsync(run.Claim, run.Answer, RecordedEnd.Failed);
            run.Answer.End(AnswerState.Broken);
            throw;
        }

        await settlement.SettleAsync(run.Claim, run.Answer, recorder.HasFailed ? RecordedEnd.Failed : RecordedEnd.Answered);
        run.Answer.End(AnswerState.Whole);
    }

    private async Task FollowAsync(Claim twin, IAnswerSink sink)
    {
        using var followed = runs.Follow(twin);
        if (await follower.FollowAsync(sink, followed.Source, twin) is { } failure)
            throw Refuse(failure);
    }

    private string? Key(ServerCallContext context)
    {
        var (key, refused) = IdempotencyKey.Read(context.GetHttpContext().Request.Headers);
        return refused is null ? key : throw Refuse(refused);
    }

    private FailureException Refuse(Contracts.Errors.V1.Failure failure)
    {
        telemetry.Refused(failure);
        return new FailureException(failure);
    }
}
