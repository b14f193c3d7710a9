using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Idempotency;

/// <summary>Endpoint metadata: what is posted here runs once for each <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotencyAllowed
{
    public static readonly IdempotencyAllowed Instance = new();
}

/// <summary>Sees to it that a request which is sent again is not run again. Who brings no key and no count of retries pays nothing.</summary>
internal sealed class IdempotentRequests(
    RequestDelegate next,
    KeyedRuns runs,
    RunningAnswers answers,
    ClaimSettlement settlement,
    AnswerFollower follower,
    GatewayTelemetry telemetry,
    IOptions<IdempotencyOptions> options,
    IOptions<GatewayOptions> gateway,
    TimeProvider timeProvider)
{
    // An SDK counts its retries with every request; so much of an answer is held for the few that are retried while they run.
    private const int MostBytesForRetries = 256 * 1024;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IdempotencyAllowed>() is null || !HttpMethods.IsPost(context.Request.Method))
            return next(context);
        var (key, refused) = IdempotencyKey.Read(context.Request.Headers);
        if (refused is not null)
            return RefuseAsync(context, refused);
        if (key is not null)
            return WithBodyAsync(context, body => RunOnceAsync(context, key, body));
        return IdempotencyKey.RetryCount(context.Request.Headers) is { } count
            ? WithBodyAsync(context, body => RunForRetriesAsync(context, count, body))
            : next(context);
    }

    private async Task RunOnceAsync(HttpContext context, string key, byte[] fingerprint)
    {
        var run = await runs.BeginAsync(context.GetCaller().TenantId, key, fingerprint);
        switch (run.Outcome)
        {
            case ClaimOutcome.Taken:
                await RecordAsync(context, run.Answer, end => settlement.SettleAsync(run.Claim, run.Answer, end));
                break;
            case ClaimOutcome.Running { ClaimId: var twin }:
                var claim = run.Claim with { ClaimId = twin };
                using (var followed = runs.Follow(claim))
                    await FollowAsync(context, followed.Source, claim);
                break;
            case ClaimOutcome.Finished { Answer: var kept }:
                await AnswerFollower.ReplayAsync(context, kept);
                break;
            case ClaimOutcome.OtherRequest:
                await RefuseAsync(context, IdempotencyFailures.OtherRequest());
                break;
            case ClaimOutcome.NotKept:
                await RefuseAsync(context, IdempotencyFailures.NotKept());
                break;
            case ClaimOutcome.Failed:
                await RefuseAsync(context, IdempotencyFailures.StillRunning());
                break;
            default:
                await RefuseAsync(context, IdempotencyFailures.StoreAway());
                break;
        }
    }

    private async Task RunForRetriesAsync(HttpContext context, int count, byte[] fingerprint)
    {
        if (count > 0 && answers.Find(fingerprint) is { } running && running.TryFollow())
        {
            telemetry.RetryJoined();
            using var followed = new FollowedAnswer(running, running);
            await FollowAsync(context, followed.Source, null);
            return;
        }

        var answer = new RunningAnswer(Guid.CreateVersion7(timeProvider.GetUtcNow()), options.Value.MaxAnswerBytes, MostBytesForRetries);
        answers.Add(fingerprint, answer);
        try
        {
            await RecordAsync(context, answer, null);
        }
        finally
        {
            answers.Remove(fingerprint, answer);
        }
    }

    private async Task FollowAsync(HttpContext context, IAnswerSource source, Claim? run)
    {
        if (await follower.FollowAsync(new HttpAnswerSink(context), source, run) is { } failure)
            await RefuseAsync(context, failure);
    }

    private async Task RecordAsync(HttpContext context, RunningAnswer answer, Func<RecordedEnd, Task>? settle)
    {
        using var recorded = new RecordedResponse(context, answer, settle);
        try
        {
            await next(context);
            await recorded.ReturnedAsync();
        }
        catch
        {
            await recorded.FailAsync();
            throw;
        }
    }

    // The endpoint reads the body again; it must be whole before it can be told from another.
    private async Task WithBodyAsync(HttpContext context, Func<byte[], Task> work)
    {
        using var body = await JsonBody.ReadAsync(context, gateway.Value.MaxRequestBodyBytes);
        if (body is null)
            return;
        var fingerprint = RequestFingerprint.Of(context.GetCaller(), context.Request.Path, body.WrittenMemory.Span);
        MemoryMarshal.TryGetArray(body.WrittenMemory, out var array);
        var original = context.Request.Body;
        using var again = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
        context.Request.Body = again;
        try
        {
            await work(fingerprint);
        }
        finally
        {
            context.Request.Body = original;
        }
    }

    private Task RefuseAsync(HttpContext context, Failure failure)
    {
        telemetry.Refused(failure);
        return context.WriteFailureAsync(failure);
    }
}
